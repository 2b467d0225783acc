using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kollect.Core.Explanations;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>A sink with a new destination for one test; exports snapshots and reads back the stored rows.</summary>
internal abstract record Mirror : IAsyncDisposable
{
    protected static readonly SecretRef Secret = new("default", "connection");

    public static DateTimeOffset Monday { get; } = new(2026, 11, 23, 8, 30, 0, TimeSpan.Zero);

    public KollectDatabaseSinkMode Mode { get; init; } = KollectDatabaseSinkMode.Ensure;

    /// <summary>None = the default.</summary>
    public Option<bool> SkipUnchanged { get; init; } = false;

    /// <summary><c>options.ledger</c>.</summary>
    public bool KeepsLedger { get; init; } = true;

    /// <summary><c>options.history</c>.</summary>
    public bool KeepsHistory { get; init; }

    /// <summary><c>options.history_keep</c>; None = for ever.</summary>
    public Option<TimeSpan> HistoryKeep { get; init; }

    /// <summary>Of the headers of exports.</summary>
    public Option<ContentStamp> Content { get; init; }

    /// <summary>Name of the table or collection.</summary>
    public string Table { get; init; } = "inventory_items";

    public HashMap<string, string> Options { get; init; } = HashMap<string, string>();

    public TlsSettings Tls { get; init; } = new(None, None, false);

    /// <summary>The backend's name in the table of cases.</summary>
    public abstract string Backend { get; }

    /// <summary>The cases in which the backend differs from the others.</summary>
    public abstract Seq<Difference> Differences { get; }

    /// <summary>Valid names of tables or collections that break a statement unless they are quoted.</summary>
    public abstract Seq<string> HostileNames { get; }

    /// <summary>The defects of a destination that Kollect did not create.</summary>
    public abstract Seq<Gap> Gaps { get; }

    protected abstract Sink SinkOf(SinkSettings settings);

    /// <summary>The single entry of the Secret.</summary>
    protected abstract (string Key, string Value) Connection { get; }

    /// <summary>All rows in any order, read by an independent client; none if the table is missing.</summary>
    public abstract Task<IReadOnlyList<StoredRow>> StoredAsync();

    /// <summary>All versions of the history in any order, read by an independent client: JSON as <see cref="StoredRow.Parse"/> reads it.</summary>
    protected abstract Task<IReadOnlyList<string>> HistoryAsync();

    /// <summary>
    /// A row that another client writes into the scope of inventory <c>all</c> and cluster <c>east</c>, with the value <c>other</c>.
    /// </summary>
    /// <param name="exportedAt">As the backend's client writes a time; null = Monday.</param>
    public abstract Task InsertAsync(string uid, string? exportedAt = null);

    /// <summary>What other clients do to rows of that scope.</summary>
    public abstract Seq<ForeignWrite> ForeignWrites { get; }

    /// <summary>True = the next look finds all that they did; false = an export in full does.</summary>
    /// <param name="hasRejected">The snapshot has items that cannot be stored.</param>
    public abstract bool LookFinds(IReadOnlyCollection<ForeignWrite> writes, bool hasRejected);

    /// <summary>False = nothing tells what the destination holds, and every export is in full.</summary>
    public abstract bool WritesDifferences { get; }

    /// <summary>Where the server listens.</summary>
    public abstract DnsEndPoint Address { get; }

    /// <summary>The same destination, reached through a port of this machine.</summary>
    public abstract Mirror Through(int port);

    /// <summary>The server has done what it began for connections that are closed now.</summary>
    public virtual Task SettledAsync() => Task.CompletedTask;

    /// <summary>Times of the backend before and after those of a clock: the first or last one that it holds, and one beyond the years 1 to 9999.</summary>
    public abstract (Seq<string> Past, Seq<string> Future) FarTimes { get; }

    /// <summary>The same destination under another name, with the objects that the backend does not create itself.</summary>
    public virtual Task<Mirror> NamedAsync(string name) => Task.FromResult(this with { Table = name });

    /// <summary>An existing user with a wrong password. Both contain "of-secret".</summary>
    public abstract Task<Mirror> WithWrongPasswordAsync();

    /// <summary>An address without a listener.</summary>
    public abstract Mirror WithClosedPort();

    /// <summary>Makes the server fail every further write.</summary>
    public abstract Task BreakAsync();

    /// <summary>Makes the server available again, with its data.</summary>
    public abstract Task RepairAsync();

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>True if the backend differs; only the case of the difference may call this.</summary>
    public bool Differs(Difference difference, [CallerMemberName] string caller = "")
    {
        Assert.Equal(difference.Case, caller);
        return Differences.Exists(it => it == difference);
    }

    /// <summary>The operator's way to connect, which resolves and dials itself; the tests of the program cover that of the command line.</summary>
    public static DialGuard Guarded { get; } = new(new DialPolicy(AllowLoopback: true, DenyPrivate: false));

    /// <summary>A message for a golden: the port of a test server is another one each time.</summary>
    public static string WithoutPort(string message) => Regex.Replace(message, @"(?<=(?:127\.0\.0\.1|localhost):)\d{4,5}", "PORT");

    private IDestinations Destinations => AllBackends.Open(Find, Guarded);

    public IDestination Open() => Destinations.Open(Sink, Sink.Location)
        .Match(Right: it => it, Left: failure => throw new InvalidOperationException(failure.Message));

    /// <summary>Exports rows; <paramref name="at"/> counts minutes after Monday.</summary>
    public Task<ExportResult> ExportAsync(
        IEnumerable<RowOrRejection> rows,
        int at = 0,
        string inventory = "all",
        string cluster = "east",
        bool dryRun = false,
        CancellationToken? cancel = null,
        bool isComplete = true) => ExportAsync(rows.ToAsyncEnumerable(), at, inventory, cluster, dryRun, cancel, isComplete);

    /// <summary>The same of rows that come with waits.</summary>
    public async Task<ExportResult> ExportAsync(
        IAsyncEnumerable<RowOrRejection> rows,
        int at = 0,
        string inventory = "all",
        string cluster = "east",
        bool dryRun = false,
        CancellationToken? cancel = null,
        bool isComplete = true)
    {
        await using var destination = Open();
        return await destination.ExportAsync(
            new SnapshotHeader(new Scope("platform", inventory, cluster), Monday.AddMinutes(at), None, isComplete) { Content = Content, Exporter = "tests" },
            rows,
            dryRun,
            null,
            cancel ?? TestContext.Current.CancellationToken);
    }

    public async Task<ExportOutcome> ExportedAsync(
        IEnumerable<RowOrRejection> rows, int at = 0, string inventory = "all", string cluster = "east", bool isComplete = true) =>
        Outcome(await ExportAsync(rows, at, inventory, cluster, isComplete: isComplete));

    /// <summary>Removes the orphaned rows of an inventory; <paramref name="at"/> is the time of the clock, in minutes after Monday.</summary>
    public Task<RemovalResult> RemovedAsync(int at, string inventory = "all", string cluster = "east") => RowRemoval.RunAsync(
        Destinations,
        (this with { Mode = KollectDatabaseSinkMode.Existing }).Sink,
        new Scope("platform", inventory, cluster),
        Monday.AddMinutes(at),
        TestContext.Current.CancellationToken);

    /// <summary>Exports a stream of NDJSON, including parsing, limits and sanitizing.</summary>
    public async Task<ExportOutcome> ExportedLinesAsync(IEnumerable<string> lines, int at = 0) => Outcome(await SnapshotExport.RunAsync(
        Destinations,
        Sink,
        new ExportRequest("platform", "all", "east", Monday.AddMinutes(at), None, None, false, false) { AllowFuture = true },
        new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))),
        Monday,
        null,
        TestContext.Current.CancellationToken));

    /// <summary><c>uid=value</c> for each row, in order, with inventory and cluster unless they are the defaults.</summary>
    public async Task<string> RowsAsync() => string.Join(' ', (await StoredAsync())
        .OrderBy(row => row.InventoryName, StringComparer.Ordinal)
        .ThenBy(row => row.Cluster, StringComparer.Ordinal)
        .ThenBy(row => row.SourceUid, StringComparer.Ordinal)
        .Select(row =>
        {
            var inventory = row.InventoryName == "all" ? "" : "/" + row.InventoryName;
            var cluster = row.Cluster == "east" ? "" : "@" + row.Cluster;
            return $"{row.SourceUid}={ValueOf(row)}{inventory}{cluster}";
        }));

    /// <summary>A line for each version of the history, in order: <c>a=1 0-2 updated</c>, the times in minutes after Monday.</summary>
    public async Task<string> VersionsAsync() => string.Join('\n', (await HistoryAsync())
        .Select(json => (Row: StoredRow.Parse(json), Fields: StoredRow.Texts(json)))
        .OrderBy(it => it.Row.InventoryName, StringComparer.Ordinal)
        .ThenBy(it => it.Row.SourceUid, StringComparer.Ordinal)
        .ThenBy(it => it.Fields["valid_from"], StringComparer.Ordinal)
        .Select(it =>
        {
            Assert.Equal(Minutes(it.Fields["exported_at"]), Minutes(it.Fields["valid_from"]));
            var inventory = it.Row.InventoryName == "all" ? "" : " /" + it.Row.InventoryName;
            var cluster = it.Row.Cluster == "east" ? "" : " @" + it.Row.Cluster;
            var (from, to) = (Minutes(it.Fields["valid_from"]), Minutes(it.Fields["valid_to"]));
            return FormattableString.Invariant($"{it.Row.SourceUid}={ValueOf(it.Row)} {from}-{to} {it.Fields["change"]}{inventory}{cluster}");
        }));

    /// <summary>True = the backend keeps no history, and a sink that asks for one is invalid.</summary>
    public bool KeepsNoHistory([CallerMemberName] string caller = "")
    {
        if (!Differences.Exists(it => it == Difference.KeepsNoHistory(caller)))
            return false;
        Assert.Contains(ProblemExamples.ById["KDB072"].Findings("KDB072"), it => it.Message.Contains("FOR SYSTEM_TIME AS OF", StringComparison.Ordinal));
        return true;
    }

    private static double Minutes(string time) => Math.Round(
        (DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - Monday).TotalMinutes, 3);

    /// <summary>Items separated by spaces: <c>a=1</c> is an item with uid a and value 1.</summary>
    public static IEnumerable<RowOrRejection> Items(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(item => Item(item.Split('=')[0], item.Split('=')[1]));

    public static IEnumerable<RowOrRejection> Many(int count, string value, string prefix = "u") =>
        Enumerable.Range(0, count).Select(i => Item($"{prefix}{i:D6}", value));

    public static RowOrRejection Item(string uid, string value) => new RowOrRejection.Accepted(
        new Row("deployments", uid, "shop", Encoding.UTF8.GetBytes($$"""{"uid":"{{uid}}","value":"{{value}}"}"""), 0));

    public static RowOrRejection Rejected(string uid) =>
        new RowOrRejection.Rejected(("deployments", uid), $"Deployment shop/{uid}", "too large");

    /// <summary>A rejected item whose row cannot be determined.</summary>
    public static RowOrRejection Unidentified { get; } = new RowOrRejection.Rejected(None, "item 7", "has no uid");

    /// <summary>Runs an action after the last row was read.</summary>
    public static IEnumerable<RowOrRejection> Then(IEnumerable<RowOrRejection> rows, Action afterwards)
    {
        foreach (var row in rows)
            yield return row;
        afterwards();
    }

    public static string UidOf(RowOrRejection row) => Assert.IsType<RowOrRejection.Accepted>(row).Row.SourceUid;

    public static string ValueOf(StoredRow row)
    {
        using var payload = JsonDocument.Parse(row.Payload);
        return payload.RootElement.GetProperty("value").GetString()!;
    }

    private Sink Sink => SinkOf(new SinkSettings(
        "default", "test", Mode, None, Options, SkipUnchanged, None, true, "", Tls, None)
    {
        Ledger = LedgerSettings.Default with { IsKept = KeepsLedger },
        History = new HistorySettings(KeepsHistory, HistoryKeep),
    });

    private Option<SecretData> Find(SecretRef wanted) =>
        new SecretData(Secret, HashMap((Connection.Key, new SecretText(Connection.Value))), HashMap<string, string>());

    private static ExportOutcome Outcome(ExportResult result)
    {
        Assert.True(result is ExportResult.Exported, result.ToString());
        return ((ExportResult.Exported)result).Outcome;
    }
}

/// <summary>A defect that provisioning may not repair: the export is refused and writes nothing.</summary>
/// <param name="Says">A part of the expected refusal.</param>
/// <param name="ArrangeAsync">Brings a new destination into that state and returns the sink to export with.</param>
internal sealed record Gap(string Says, Func<Task<Mirror>> ArrangeAsync);
