using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Secrets;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The method of writing rows when the inventory has rows already.</summary>
internal enum WriteMethod
{
    /// <summary>COPY into a temporary table, then one upsert and one anti-join delete.</summary>
    Staging,

    /// <summary>Arrays as parameters: no DDL of any kind, and no TEMP privilege needed.</summary>
    Batches,
}

/// <summary>A server parameter by its PostgreSQL name, set for one transaction.</summary>
internal sealed record ServerSetting(string Name, string Value)
{
    /// <summary>True = the connection string sets it, not <c>spec.options</c>.</summary>
    public bool IsOfConnection { get; init; }

    /// <summary>Only the name: a value may come from a Secret.</summary>
    public override string ToString() => Name;
}

/// <summary>One export, decided before the first item is read.</summary>
/// <param name="Header">Scope and time of the snapshot.</param>
/// <param name="Batches">Those of <see cref="WriteMethod.Batches"/>.</param>
/// <param name="PlannerSettings">For the statements that write; options of the sink by the same name win.</param>
/// <param name="Method">Used where COPY straight into the table is not possible.</param>
/// <param name="SkipUnchanged">Equal rows are not rewritten.</param>
internal sealed record ExportPlan(
    SnapshotHeader Header,
    ExportStatements Statements,
    BatchStatements Batches,
    Seq<ServerSetting> PlannerSettings,
    WriteMethod Method,
    bool SkipUnchanged)
{
    /// <summary>The triggers and the like that were observed before the export.</summary>
    public Seq<Interceptor> Interceptors { get; init; }

    /// <summary>The ledger that the export reads and writes; None = there is none, or the names of the scope are too long for it.</summary>
    public Option<Ledger> Ledger { get; init; }

    /// <summary>Where what the export overwrites and deletes is kept; None = nowhere.</summary>
    public Option<History> History => Statements.History;

    /// <summary>Something may alter rows unnoticed by any count: they are read again before the commit.</summary>
    public bool ChecksRows => Interceptors.Exists(it => it.NeedsCheck);

    /// <summary>
    /// Mode <c>existing</c> promises no DDL of any kind, and creating a temporary table is DDL: it writes in batches. So does an export into a table of
    /// Citus, which refuses to join it with a temporary one.
    /// </summary>
    public static ExportPlan Of(PostgresSink sink, Desired desired, Observed observed, SnapshotHeader header)
    {
        var stages = desired.Mode == KollectDatabaseSinkMode.Ensure && observed.CanCreateTemp && observed.CitusTable.IsNone;
        var method = stages ? WriteMethod.Staging : WriteMethod.Batches;
        var form = FormOf(observed);
        var ledger = Some(desired.Ledger).Filter(it => LedgerState.Of(desired, observed).IsKept && it.Holds(header.Scope));
        return new ExportPlan(
            header,
            new ExportStatements(desired.Table, IsPartitioned: form == TableForm.Partitioned) { History = desired.History },
            new BatchStatements(desired.Table, IdentityIndexOf(observed), form) { History = desired.History },
            PlannerSettingsOf(sink, method),
            method,
            sink.Settings.SkipsUnchanged(ledger.IsSome))
        {
            Interceptors = observed.Table.Map(table => table.Interceptors).IfNone(Seq<Interceptor>()),
            Ledger = ledger,
        };
    }

    /// <summary>The same without DDL of any kind.</summary>
    public ExportPlan InBatches(PostgresSink sink) =>
        this with { Method = WriteMethod.Batches, PlannerSettings = PlannerSettingsOf(sink, WriteMethod.Batches) };

    /// <summary>
    /// The settings of the connection string, then the sink's options, then the program's own: names resolve in the catalog only, whatever a
    /// role's search_path says, and row-level security causes an error instead of hiding rows.
    /// </summary>
    public static Seq<ServerSetting> SettingsOf(PostgresSink sink, HashMap<string, SecretText> connection) => Join(
        // A HashMap iterates in an order of its own, another one in each process.
        connection.AsEnumerable().OrderBy(it => it.Key, StringComparer.Ordinal)
            .Select(it => new ServerSetting(it.Key, it.Value.Reveal()) { IsOfConnection = true }).ToArray().ToSeq(),
        sink.Settings.OrderedOptions.Map(it => new ServerSetting(it.Name, it.Value)),
        Seq(new ServerSetting("search_path", "pg_catalog"), new ServerSetting("row_security", "off")));

    private static TableForm FormOf(Observed observed) =>
        observed.CitusTable.IsSome ? TableForm.Citus
        : observed.Table.Exists(table => table.Partitioning.IsSome) ? TableForm.Partitioned
        : TableForm.Plain;

    // A table that this export creates has the default order.
    private static Seq<string> IdentityIndexOf(Observed observed) =>
        observed.Table.Bind(table => table.UniqueIndexes.Find(index => index.IsIdentity && index.Usable)).Match(
            index => index.Columns, () => Columns.Identity);

    // Joins over a table without statistics otherwise end in a nested loop (200,000 rows: minutes instead of seconds). Staging: 32 MB of
    // work_mem, twice that for a hash, keep 200,000 rows in a few batches on disk instead of 32; a sample of 3,000 rows is enough to
    // distinguish many from few. Batches: an order then comes from the identity index only. What is off costs 1e10 in a plan (disable_cost,
    // costsize.c), and such a plan seems to be worth compiling (jit_above_cost): 75 ms for a statement of 1 ms.
    private static Seq<ServerSetting> PlannerSettingsOf(PostgresSink sink, WriteMethod method) =>
        PlannerSettingsOf(method).Filter(setting => !sink.Settings.Options.ContainsKey(setting.Name));

    private static Seq<ServerSetting> PlannerSettingsOf(WriteMethod method) => method switch
    {
        WriteMethod.Staging => Seq(
            new ServerSetting("enable_nestloop", "off"),
            new ServerSetting("work_mem", "32MB"),
            new ServerSetting("default_statistics_target", "10")),
        WriteMethod.Batches => Seq(
            new ServerSetting("enable_nestloop", "off"),
            new ServerSetting("enable_sort", "off"),
            new ServerSetting("jit", "off")),
        _ => throw new UnreachableException(),
    };

    /// <summary>Decides about the snapshot from the state of the scope, read under the lock.</summary>
    public WriteDecision Decide(ScopeFacts facts) =>
        Newest(facts).Match(
            newest => newest > Header.ExportedAt ? new WriteDecision.Superseded(newest) : Write(facts),
            () => Write(facts));

    // The newest row may be older than the snapshot that was last found to be in the table, and is none after an empty one.
    private static Option<DateTimeOffset> Newest(ScopeFacts facts) =>
        Join(facts.Newest.ToSeq(), facts.Entry.Map(entry => entry.VerifiedAt).ToSeq()).OrderByDescending(time => time).HeadOrNone();

    private WriteDecision Write(ScopeFacts facts) =>
        new WriteDecision.Write(CopyFirst: facts.Rows == 0 && !ChecksRows, MayAdopt: facts.Foreign > 0);

    /// <summary>The statements that read the rows again, where <see cref="ChecksRows"/>.</summary>
    public CheckStatements Checks => new(Statements.Table, SkipUnchanged);

    /// <summary>
    /// Compares the counts of an upsert with the rows that were sent. Of rows that may be left alone only a count that is too high shows
    /// something, so that nothing but the payloads that differ is read.
    /// </summary>
    /// <param name="sent">Different identities that were sent.</param>
    /// <param name="counted">Those that the server wrote.</param>
    public WriteCounts Upserted(WriteCounts written, long sent, long counted) =>
        SkipUnchanged && counted < sent ? written : written.Compared("rows inserted or updated", sent, counted);

    /// <summary>Nothing was written, so neither a row nor an entry of the ledger has the new time yet: see <see cref="ExportStatements.Touch"/>.</summary>
    public bool NeedsTouch(WriteCounts written) =>
        Ledger.IsNone && SkipUnchanged && written.Copied + written.Inserted + written.Rewritten + written.Adopted == 0;

    /// <summary>Both sides of the count, put together.</summary>
    public static ExportOutcome Tally(SnapshotCounts read, WriteCounts written)
    {
        var accepted = read.Items - read.Rejected;

        // An inventory without rows: whatever was not new is an item whose identity came again.
        var counts = written.Copied == 0
            ? written
            : written with
            {
                Inserted = written.Copied + written.Inserted,
                Rewritten = 0,
                Duplicates = accepted - written.Copied - written.Inserted,
            };
        return new ExportOutcome(
            Items: read.Items,
            Inserted: counts.Inserted,
            Updated: counts.Rewritten,
            Unchanged: accepted - counts.Duplicates - counts.Inserted - counts.Rewritten - counts.Adopted,
            Deleted: counts.Deleted,
            Adopted: counts.Adopted,
            Duplicates: counts.Duplicates,
            Sanitized: read.Sanitized,
            Rejected: read.Rejected,
            StaleKept: !read.ShowsWhatIsStale,
            Skipped: read.Skipped,
            Bytes: read.Bytes,
            ElapsedMs: 0,
            Rejections: read.Rejections);
    }
}

/// <summary>The rows that the destination holds for an inventory, read under the lock.</summary>
/// <param name="Newest">The newest <c>exported_at</c> of the scope; None = no row of this cluster.</param>
/// <param name="Rows">Rows of the inventory under any cluster label.</param>
/// <param name="Foreign">Those under another cluster label.</param>
internal sealed record ScopeFacts(Option<DateTimeOffset> Newest, long Rows, long Foreign)
{
    /// <summary>The newest entry of the ledger whose rows were written; None = there is none.</summary>
    public Option<LedgerEntry> Entry { get; init; }
}

/// <summary>Closed.</summary>
internal abstract record WriteDecision
{
    private WriteDecision() { }

    /// <summary>The destination holds a newer snapshot.</summary>
    public sealed record Superseded(DateTimeOffset Held) : WriteDecision;

    /// <summary>Go on.</summary>
    /// <param name="CopyFirst">The inventory has no row: COPY straight into the table until an identity repeats.</param>
    /// <param name="MayAdopt">Rows of other clusters exist, so some may change their label.</param>
    public sealed record Write(bool CopyFirst, bool MayAdopt) : WriteDecision;
}

/// <summary>Counts of the server's writes.</summary>
/// <param name="Copied">Rows copied straight into the table.</param>
/// <param name="Inserted">New rows of upserts.</param>
/// <param name="Rewritten">Older rows of upserts, without adopted ones.</param>
/// <param name="Adopted">Older rows that stood under another cluster label.</param>
/// <param name="Duplicates">Items overruled by a later one.</param>
/// <param name="Deleted">Stale rows.</param>
internal sealed record WriteCounts(long Copied, long Inserted, long Rewritten, long Adopted, long Duplicates, long Deleted)
{
    /// <summary>Nothing yet.</summary>
    public static WriteCounts Zero { get; } = new(0, 0, 0, 0, 0, 0);

    /// <summary>The first of the server's counts that differs from what was sent; None = all agree.</summary>
    public Option<Miscount> Miscount { get; init; }

    /// <summary>Rows of the scope at the end; None = they were not counted.</summary>
    public Option<long> Rows { get; init; }

    /// <summary>Adds the counts of one more batch.</summary>
    public WriteCounts Adding(long inserted, long rewritten, long adopted) =>
        this with { Inserted = Inserted + inserted, Rewritten = Rewritten + rewritten, Adopted = Adopted + adopted };

    /// <summary>Compares the rows that were read again with those that were sent.</summary>
    public WriteCounts Unaltered(long sent, long altered) => Compared("rows as they were sent, read again", sent, sent - altered);

    /// <summary>Compares one more count.</summary>
    /// <param name="what">The rows that are counted.</param>
    public WriteCounts Compared(string what, long sent, long counted) => this with { Miscount = Miscount || Exports.Miscount.Of(what, sent, counted) };
}
