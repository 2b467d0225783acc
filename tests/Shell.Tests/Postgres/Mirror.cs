using System.Text;
using Kollect.Core.Exports;
using Kollect.Core.Rows;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Tests.Postgres;

/// <summary>A sink over a test database: exports snapshots and reads the table back.</summary>
internal sealed record Mirror(TestDatabase Database)
{
    private static readonly SecretRef Secret = new("default", "dsn");

    public ProvisioningMode Mode { get; init; } = ProvisioningMode.Ensure;

    public bool SkipUnchanged { get; init; }

    public string Schema { get; init; } = "public";

    public string Table { get; init; } = "inventory_items";

    public string? Url { get; init; }

    public Map<string, string> Options { get; init; } = Map<string, string>();

    public static DateTimeOffset Monday { get; } = new(2026, 11, 23, 8, 30, 0, TimeSpan.Zero);

    public static async Task<Mirror> CreateAsync() => new(await PostgresServer.CreateDatabaseAsync());

    public IDestination Open() => Destinations
        .Open(
            new Sink.Postgres(
                new SinkSettings(
                    "default", "test", Mode, None, Options, SkipUnchanged, None, true, "", None, new TlsSettings(None, None, false), None),
                Secret,
                Schema,
                Table),
            Table,
            _ => new SecretData(Secret, Map(("url", new SecretText(Url ?? Database.Url()))), Map<string, string>()))
        .Match(Right: it => it, Left: failure => throw new InvalidOperationException(failure.Message));

    /// <summary>Exports rows; <paramref name="at"/> counts minutes after Monday.</summary>
    public async Task<ExportResult> ExportAsync(
        IEnumerable<RowOrRejection> rows, int at = 0, string inventory = "all", string cluster = "east", bool dryRun = false)
    {
        await using var destination = Open();
        return await destination.ExportAsync(
            new SnapshotHeader(new Scope("platform", inventory, cluster), Monday.AddMinutes(at), None),
            rows.ToAsyncEnumerable(),
            dryRun,
            null,
            TestContext.Current.CancellationToken);
    }

    public async Task<ExportOutcome> ExportedAsync(
        IEnumerable<RowOrRejection> rows, int at = 0, string inventory = "all", string cluster = "east") =>
        Assert.IsType<ExportResult.Exported>(await ExportAsync(rows, at, inventory, cluster)).Outcome;

    /// <summary>uid=value for each row, in order, with inventory and cluster where they are not the usual ones.</summary>
    public async Task<string> RowsAsync()
    {
        var rows = await Database.RowsAsync(
            $"""
            SELECT source_uid || '=' || (payload->>'value')
                   || CASE WHEN inventory_name <> 'all' THEN '/' || inventory_name ELSE '' END
                   || CASE WHEN cluster <> 'east' THEN '@' || cluster ELSE '' END
            FROM {new Kollect.Core.Postgres.TableName(Schema, Table)}
            ORDER BY inventory_name, cluster, source_uid COLLATE "C"
            """,
            row => row.GetString(0));
        return string.Join(' ', rows);
    }

    public Task<IReadOnlyList<DateTime>> TimesAsync() =>
        Database.RowsAsync("SELECT DISTINCT exported_at FROM inventory_items ORDER BY 1", row => row.GetDateTime(0));

    /// <summary><c>a=1</c> is an item with uid a and value 1.</summary>
    public static IEnumerable<RowOrRejection> Items(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => Item(item.Split('=')[0], item.Split('=')[1]));

    public static IEnumerable<RowOrRejection> Many(int count, string value) =>
        Enumerable.Range(0, count).Select(i => Item($"u{i:D6}", value));

    public static RowOrRejection Item(string uid, string value) => new RowOrRejection.Accepted(
        new Row("deployments", uid, "shop", Encoding.UTF8.GetBytes($$"""{"uid":"{{uid}}","value":"{{value}}"}"""), 0));

    public static RowOrRejection Rejected(string uid) =>
        new RowOrRejection.Rejected(("deployments", uid), $"Deployment shop/{uid}", "too large");
}
