using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Shell.Concurrency;
using Kollect.Shell.Tests.Backends.Conformance;
using Npgsql;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>
/// Many inventories share one table and as many export slots as the operator has; each changes every few seconds.
/// </summary>
public sealed class TenantsTests
{
    private const int Rows = 300;

    private static readonly int Tenants = Soak.IsOn ? 100 : 20;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(Soak.IsOn ? 40 : 4);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>They were exported one after another: a change took up to 82 s, and one row lock stopped all.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changes_of_inventories_that_share_a_table_do_not_wait_for_each_other(bool isAnotherLocked)
    {
        var mirror = await PostgresMirror.CreateAsync() with { SkipUnchanged = true, Options = HashMap(("lock_timeout", "1000")) };
        foreach (var tenant in Enumerable.Range(0, Tenants))
            await mirror.ExportedAsync(Mirror.Many(Rows, "1"), inventory: $"t{tenant}");
        await using var holder = new NpgsqlConnection(mirror.Database.ConnectionString() + ";Pooling=false");
        await holder.OpenAsync(Cancel);
        await using var rowLock = new NpgsqlCommand("BEGIN; SELECT FROM inventory_items WHERE inventory_name = 't0' FOR UPDATE", holder);
        if (isAnotherLocked)
            await rowLock.ExecuteNonQueryAsync(Cancel);

        var bulkhead = new Bulkhead(16, isShared: false);
        var times = new ConcurrentBag<TimeSpan>();
        var began = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Tenants).Select(ChangeAsync));
        var sorted = times.Order().ToArray();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{sorted.Length} changes: p50 {sorted[sorted.Length / 2]}, p99 {sorted[sorted.Length * 99 / 100]}"));
        Assert.True(sorted.Length >= Tenants - 1);
        if (Soak.IsOn)
            Assert.InRange(sorted[sorted.Length * 99 / 100], TimeSpan.Zero, TimeSpan.FromSeconds(3));

        async Task ChangeAsync(int tenant)
        {
            var (random, failed) = (new Random(tenant), false);
            for (var change = 1; began.Elapsed < Time; change++)
            {
                await Task.Delay(random.Next(Soak.IsOn ? 10_000 : 1_000), Cancel); // the change of a user
                var started = Stopwatch.StartNew();
                // As the operator: failing exports have slots of their own.
                using var slot = await bulkhead.EnterAsync("shop", failed, Cancel);
                var items = Mirror.Many(Rows - 1, "1").Append(Mirror.Item("changed", $"{change}"));
                failed = await mirror.ExportAsync(items, at: change, inventory: $"t{tenant}") is not ExportResult.Exported;
                if (!failed && (tenant > 0 || !isAnotherLocked))
                    times.Add(started.Elapsed);
            }
        }
    }
}
