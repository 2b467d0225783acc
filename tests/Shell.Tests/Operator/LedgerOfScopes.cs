using System.Globalization;

namespace Kollect.Shell.Tests.Operator;

/// <summary>What the ledger of a database says about who exported each scope.</summary>
internal sealed class LedgerOfScopes
{
    private readonly ILookup<(string Table, string Inventory), Entry> scopes;

    private LedgerOfScopes(IEnumerable<Entry> entries) => scopes = entries.ToLookup(it => (it.Table, it.Inventory));

    /// <summary>One export.</summary>
    /// <param name="At">The time of its snapshot.</param>
    /// <param name="Transaction">Grows with each transaction of the server.</param>
    public sealed record Entry(string Table, string Inventory, DateTime At, long Transaction, string Exporter);

    /// <summary>Reads the entries of the snapshots after a moment.</summary>
    public static async Task<LedgerOfScopes> ReadAsync(TestDatabase database, DateTime since) => new((await database.RowsAsync(
        "select table_name, inventory_name, exported_at, xid, exporter from kollect_exports where refusal is null",
        row => new Entry(row.GetString(0), row.GetString(1), row.GetDateTime(2), row.GetInt64(3), row.GetString(4)))).Where(it => it.At > since));

    /// <summary>The scopes of an inventory: one for each table.</summary>
    public IReadOnlyList<Entry[]> Of(string inventory) => [.. scopes.Where(it => it.Key.Inventory == inventory).Select(it => it.ToArray())];

    /// <summary>The exporters of a scope without repetitions, in the order of the snapshots; fails where that of the transactions is another.</summary>
    public static string[] Exporters(IEnumerable<Entry> scope)
    {
        var bySnapshot = Successive(scope.OrderBy(it => it.At));
        Assert.Equal(bySnapshot, Successive(scope.OrderBy(it => it.Transaction)));
        return bySnapshot;
    }

    /// <summary>The longest time without an export that began after a moment, until the last one.</summary>
    public static TimeSpan LongestPause(IEnumerable<Entry> scope, DateTime since)
    {
        var times = scope.Select(it => it.At).Where(it => it > since).Order().ToArray();
        return times.Zip(times.Prepend(since), (now, before) => now - before).Max();
    }

    public override string ToString() => string.Join('\n', scopes.SelectMany(it => it).OrderBy(it => it.At).Select(it => string.Create(
        CultureInfo.InvariantCulture, $"{it.At:HH:mm:ss.fff} {it.Transaction} {it.Table} {it.Inventory} {it.Exporter}")));

    private static string[] Successive(IEnumerable<Entry> scope) =>
        scope.Aggregate(new List<string>(), (found, it) =>
        {
            if (found.Count == 0 || found[^1] != it.Exporter)
                found.Add(it.Exporter);
            return found;
        }).ToArray();
}
