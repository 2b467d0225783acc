using Kollect.Core.Exports;
using Kollect.Models.V1Alpha1;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>
/// The guarantees of every backend that keeps a history: what an export overwrites or deletes is kept once, with the times between which it was there. Times
/// are minutes after Monday.
/// </summary>
public abstract class HistoryCases : DifferenceCases
{
    [Theory, MemberData(Both)]
    public async Task Every_version_that_an_export_replaces_is_kept_with_its_times(KollectDatabaseSinkMode mode)
    {
        var mirror = await HistoryAsync();
        if (mirror.KeepsNoHistory())
            return;
        await mirror.ExportedAsync(Mirror.Items("a=1 b=1 c=1"));
        Assert.Equal("", await mirror.VersionsAsync());
        mirror = mirror with { Mode = mode };

        await mirror.ExportedAsync(Mirror.Items("a=2 b=1"), at: 2); // a changes, c is deleted, b is equal
        await mirror.ExportedAsync(Mirror.Items("a=1 b=1 c=1"), at: 5); // a as before; c comes back, equal after a gap
        await mirror.ExportedAsync(Mirror.Items("a=1 b=1 c=2"), at: 6);
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=9"), at: 3));
        Assert.IsType<ExportResult.DryRun>(await mirror.ExportAsync(Mirror.Items("a=9"), at: 8, dryRun: true));
        await mirror.ExportedAsync(Mirror.Items("c=3"), at: 9, isComplete: false); // what is absent stays
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2 b=3 c=3").Append(Mirror.Rejected("a")), at: 10); // b was never 2
        await mirror.ExportedAsync([], at: 12);
        Assert.Equal(
            """
            a=1 0-2 updated
            a=2 2-5 updated
            a=1 5-12 deleted
            b=1 0-10 updated
            b=3 10-12 deleted
            c=1 0-2 deleted
            c=1 5-6 updated
            c=2 6-9 updated
            c=3 9-12 deleted
            """,
            await mirror.VersionsAsync());
    }

    [Theory, MemberData(Both)]
    public async Task Versions_of_other_scopes_and_of_the_same_time_are_told_apart(KollectDatabaseSinkMode mode)
    {
        var mirror = await HistoryAsync();
        if (mirror.KeepsNoHistory())
            return;
        await mirror.ExportedAsync(Mirror.Items("a=1 b=1"), cluster: "west");
        await mirror.ExportedAsync(Mirror.Items("a=5"), inventory: "other");
        mirror = mirror with { Mode = mode };
        await mirror.ExportedAsync(Mirror.Items("a=1"), at: 3);
        await mirror.ExportedAsync(Mirror.Items("a=2"), at: 3); // 1 was there at no moment
        Assert.Equal("a=1 0-3 adopted @west", await mirror.VersionsAsync());

        await mirror.RemovedAsync(7);
        await mirror.RemovedAsync(8, inventory: "other");
        Assert.Equal(
            """
            a=1 0-3 adopted @west
            a=2 3-7 deleted
            a=5 0-8 deleted /other
            """,
            await mirror.VersionsAsync());
        Assert.Equal("b=1@west", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Differences_and_looks_keep_what_they_replace()
    {
        var mirror = await HistoryAsync();
        if (mirror.KeepsNoHistory())
            return;
        await using var keeper = await KeptAsync(mirror, "a=1 b=1 c=1"); // 1
        foreach (var snapshot in new[] { "a=2 b=1 c=1", "a=3 c=1 d=1", "a=3 c=1 d=1", "a=3 b=1 c=1 d=1" }) // 2 to 5
        {
            keeper.Set(snapshot);
            Assert.IsType<ExportResult.Exported>(await keeper.SyncAsync());
        }

        const string before = """
            a=1 1-2 updated
            a=2 2-3 updated
            b=1 1-3 deleted
            """;
        var versions = await mirror.VersionsAsync();
        if (mirror.KeepsLedger)
            Assert.Equal(before, versions);
        else // one row carries the time of each snapshot, so that it has versions that are equal
            Assert.All(["a=1 1-2 updated", "b=1 1-3 deleted"], version => Assert.Contains(version, versions, StringComparison.Ordinal));

        // Nobody but an export writes a history: a row that another client deletes leaves none, and one that it adds is deleted by the look.
        await mirror.InsertAsync("x");
        await mirror.ForeignWrites.Find(it => it.Name == "delete").IfSomeAsync(async it => await it.WriteAsync("d"));
        await keeper.LookAsync();
        versions = await mirror.VersionsAsync();
        Assert.Matches(@"\nx=other 0-\d deleted$", versions);
        Assert.DoesNotContain("d=1 3-", versions, StringComparison.Ordinal);
        Assert.Equal("a=3 b=1 c=1 d=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_failure_midway_loses_no_version_and_the_next_export_keeps_none_twice()
    {
        await using var mirror = await CreateOwnAsync() with { KeepsHistory = true, SkipUnchanged = None };
        if (mirror.KeepsNoHistory())
            return;
        await mirror.ExportedAsync(Mirror.Many(3_000, "old"));
        var rows = Mirror.Then(Mirror.Many(3_000, "new"), () => mirror.BreakAsync().GetAwaiter().GetResult()).Concat(Mirror.Many(3_000, "newer", "v"));
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(rows, at: 1));
        await mirror.RepairAsync();

        await mirror.ExportedAsync(Mirror.Many(3_000, "repaired"), at: 2);
        var versions = (await mirror.VersionsAsync()).Split('\n');
        Assert.Equal(
            Mirror.Many(3_000, "").Select(Mirror.UidOf),
            versions.Where(it => it.Contains("=old 0-", StringComparison.Ordinal)).Select(it => it.Split('=')[0]));
        Assert.Equal(versions.Length, versions.Select(it => it.Split('-')[0]).Distinct().Count());
    }

    private async Task<Mirror> HistoryAsync() => await CreateAsync() with { KeepsHistory = true, SkipUnchanged = None };
}
