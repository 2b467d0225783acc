using System.Diagnostics;
using System.Globalization;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>Runs alone: whoever else runs in the process takes memory too.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>The native layer frees what it takes: the garbage collector sees none of it.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int WarmUp = 300;

    /// <summary>10,000 exports under KOLLECT_SOAK, of which a leak of 2 kB each would be seen; else 1,000. A client that is not freed costs some 20 kB.</summary>
    private static readonly int Exports = Environment.GetEnvironmentVariable("KOLLECT_SOAK") is { Length: > 0 } ? 10_000 : 1_000;

    private const long MayGrowKiB = 16 << 10;

    [Fact]
    public async Task Thousands_of_exports_leave_the_memory_flat()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        for (var i = 0; i < WarmUp; i++)
            await mirror.ExportedAsync(Mirror.Items("a=1 b=2 c=3"), at: i);
        var before = ResidentKiB();
        for (var i = 0; i < Exports; i++)
            await mirror.ExportedAsync(Mirror.Items(i % 2 == 0 ? "a=1 b=2" : "a=1 c=3"), at: WarmUp + i);
        var grown = ResidentKiB() - before;
        Assert.True(grown < MayGrowKiB, string.Create(CultureInfo.InvariantCulture, $"{Exports:N0} exports left {grown:N0} KiB more in memory"));
    }

    private static long ResidentKiB()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 >> 10;
    }
}
