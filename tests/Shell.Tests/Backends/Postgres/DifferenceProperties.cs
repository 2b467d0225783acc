using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Exports;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>Whatever happens to a scope in whatever order, after a repair it holds the snapshot.</summary>
public sealed class DifferenceProperties
{
    /// <summary>What may happen; <c>{0}</c> is a uid and <c>{1}</c> a value.</summary>
    private static readonly Seq<(string Name, string Sql)> Foreign = Seq(
        ("insert", "INSERT INTO inventory_items VALUES ('platform', 'all', 'deployments', '{0}', 'east', '', '{{\"value\": \"{1}\"}}', '2026-11-23') "
            + "ON CONFLICT DO NOTHING"),
        ("update", "UPDATE inventory_items SET payload = '{{\"value\": \"foreign\"}}' WHERE source_uid = '{0}'"),
        ("delete", "DELETE FROM inventory_items WHERE source_uid = '{0}'"),
        ("truncate", "TRUNCATE inventory_items"),
        ("rename", "UPDATE inventory_items SET source_uid = source_uid || 'x' "
            + "WHERE source_uid = '{0}' AND source_uid || 'x' NOT IN (SELECT source_uid FROM inventory_items)"),
        ("label", "UPDATE inventory_items SET cluster = 'west' WHERE source_uid = '{0}'"),
        ("there and back", "UPDATE inventory_items SET cluster = 'west', payload = payload || '{{}}'; UPDATE inventory_items SET cluster = 'east'"),
        ("kill", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kollect' AND datname = current_database()"),
        ("vacuum", "VACUUM (FREEZE) inventory_items"));

    private static readonly string[] Own = ["put", "put", "put", "remove", "reject", "change", "change", "change", "export", "repair", "other exporter"];

    private static readonly Gen<(string Do, string Uid, string Value)> Step =
        from what in Gen.Elements(Own.Concat(Foreign.Map(it => it.Name)))
        from uid in Gen.Elements("a", "b", "c", "d", "ax", "bx")
        from value in Gen.Elements("1", "2", "3")
        select (what, uid, value);

    [Property(MaxTest = 12)]
    public Property Any_sequence_ends_after_a_repair_in_the_rows_of_the_snapshot() =>
        Prop.ForAll(Arb.From(Step.ListOf(30)), steps => RunAsync([.. steps]));

    private static async Task<bool> RunAsync((string Do, string Uid, string Value)[] steps)
    {
        var mirror = await PostgresMirror.CreateAsync() with { SkipUnchanged = None };
        var clock = new SnapshotKeeper.Clock();
        await using var keeper = new SnapshotKeeper(mirror, clock);
        await using var other = new SnapshotKeeper(mirror, clock);
        keeper.Set("a=1 b=1 c=1");
        await ExportedAsync(keeper);
        foreach (var (what, uid, value) in steps)
            switch (what)
            {
                case "put":
                    keeper.Put(uid, value);
                    break;
                case "remove":
                    keeper.Remove(uid);
                    break;
                case "reject":
                    keeper.Put(uid, value);
                    await ChangedOrExportedAsync(keeper); // it has an old row to keep
                    keeper.Reject(uid);
                    break;
                case "change":
                    await ChangedOrExportedAsync(keeper);
                    break;
                case "export":
                    await ExportedAsync(keeper);
                    break;
                case "repair":
                    await ChangedOrExportedAsync(keeper);
                    await RepairedOrExportedAsync(keeper);
                    break;
                case "other exporter":
                    other.Set($"{uid}={value} z=1");
                    await ChangedOrExportedAsync(other);
                    break;
                default:
                    foreach (var sql in Foreign.Find(it => it.Name == what).Map(it => it.Sql).IfNone("").Split("; "))
                        await mirror.Database.ExecuteAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, uid, value));
                    break;
            }

        await ChangedOrExportedAsync(keeper);
        await RepairedOrExportedAsync(keeper);
        var rejected = keeper.RejectedUids;
        var rows = (await mirror.RowsAsync()).Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(row => !row.Contains('@', StringComparison.Ordinal) && !rejected.Contains(row.Split('=')[0]));
        Assert.Equal(keeper.Rows, string.Join(' ', rows));
        return true;
    }

    private static async Task ExportedAsync(SnapshotKeeper keeper) => Assert.IsType<ExportResult.Exported>(await keeper.ExportAsync());

    private static Task ChangedOrExportedAsync(SnapshotKeeper keeper) => OrExportedAsync(keeper, keeper.ChangeAsync());

    private static Task RepairedOrExportedAsync(SnapshotKeeper keeper) => OrExportedAsync(keeper, keeper.RepairAsync());

    private static async Task OrExportedAsync(SnapshotKeeper keeper, Task<Either<BasisLost, ExportResult>> running)
    {
        var result = await running;
        if (result.IsLeft)
            await ExportedAsync(keeper);
        else
            Assert.True(result.Exists(it => it is ExportResult.Exported), $"{result}");
    }
}
