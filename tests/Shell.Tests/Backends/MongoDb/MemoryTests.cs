using System.Diagnostics;
using System.Globalization;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>Runs without parallel tests, because they would use memory of the same process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>A client is closed for good after its use: the driver itself keeps the threads and sockets of a disposed one.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const int WarmUp = 200;

    /// <summary>
    /// 10,000 exports with <c>KOLLECT_SOAK</c>, which reveal a leak of 2 kB each; otherwise 500. A client that is not closed costs
    /// two threads and two sockets.
    /// </summary>
    private static readonly int Exports = Environment.GetEnvironmentVariable("KOLLECT_SOAK") is { Length: > 0 } ? 10_000 : 500;

    private const long MayGrowKiB = 16 << 10;

    /// <summary>The thread pool grows and shrinks by itself.</summary>
    private const int MayGrowThreads = 20;

    [Fact]
    public async Task Memory_threads_and_sockets_do_not_grow_over_many_exports()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        for (var i = 0; i < WarmUp; i++)
            await mirror.ExportedAsync(Mirror.Items("a=1 b=2 c=3"), at: i);
        var (before, threads, sockets) = (ResidentKiB(), Threads(), Sockets());
        for (var i = 0; i < Exports; i++)
            await mirror.ExportedAsync(Mirror.Items(i % 2 == 0 ? "a=1 b=2" : "a=1 c=3"), at: WarmUp + i);
        var grown = ResidentKiB() - before;
        Assert.True(grown < MayGrowKiB, string.Create(
            CultureInfo.InvariantCulture,
            $"memory grew by {grown:N0} KiB over {Exports:N0} exports; the managed heap is now {GC.GetTotalMemory(false) >> 10:N0} KiB"));
        Assert.True(Threads() <= threads + MayGrowThreads, string.Create(CultureInfo.InvariantCulture, $"{threads} threads became {Threads()}"));

        // The last connections are closed beside the end of the export.
        await Eventually.HoldsAsync(
            () => Task.FromResult(Sockets() <= sockets),
            otherwise: () => Task.FromResult(string.Create(CultureInfo.InvariantCulture, $"{sockets} sockets became {Sockets()}")));
    }

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static int Sockets() => OperatingSystem.IsLinux()
        ? new DirectoryInfo("/proc/self/fd").GetFiles().Count(file => file.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
        : 0;

    private static long ResidentKiB()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 >> 10;
    }
}
