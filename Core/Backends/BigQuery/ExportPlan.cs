using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>One export, decided before the first item is read.</summary>
/// <param name="Header">Scope and time of the snapshot.</param>
/// <param name="CreatedMs">When the table was created, milliseconds since 1970; 0 = there is none.</param>
/// <param name="Location">Of the dataset.</param>
/// <param name="StagingDataset">None = no staging table may be created.</param>
/// <param name="SkipUnchanged">Equal rows are not rewritten.</param>
/// <param name="Settings">Of every job.</param>
internal sealed record ExportPlan(
    SnapshotHeader Header, TableId Table, long CreatedMs, string Location, Option<string> StagingDataset, bool SkipUnchanged, JobSettings Settings)
{
    /// <summary>The expiration of a staging table: longer than a load job and a MERGE may take (6 hours each).</summary>
    public static readonly TimeSpan StagingLifetime = TimeSpan.FromHours(24);

    /// <summary>The plan of one export.</summary>
    public static ExportPlan Of(BigQuerySink sink, Desired desired, Observed observed, SnapshotHeader header) => new(
        header,
        desired.Table,
        observed.Table.Map(table => table.CreatedMs).IfNone(0),
        observed.DatasetLocation.IfNone(""),
        sink.Settings.Options.Find("staging_dataset") | (desired.Mode == KollectDatabaseSinkMode.Ensure ? Some(desired.Table.Dataset) : None),
        sink.Settings.SkipsUnchanged(hasLedger: false),
        JobSettings.Of(sink))
    {
        PartitionLifetime = Remarks.Lifetime(observed),
    };

    /// <summary>How long partitions are kept; None = for ever.</summary>
    public Option<TimeSpan> PartitionLifetime { get; init; }

    /// <summary>The reason why the snapshot is too old to be stored; None = it is not.</summary>
    /// <param name="now">The clock.</param>
    public Option<Failure> ObjectionToTime(DateTimeOffset now) => PartitionLifetime.Filter(kept => Header.ExportedAt < Times.Add(now, -kept)).Map(kept =>
        (Failure)new Failure.Refused(FailureLine.Of(
            Stage.Export,
            $"the snapshot is of {Times.Text(Header.ExportedAt)}, and {Table} deletes partitions after {Days.Text(kept)}: its rows would vanish at once",
            $"nothing was written; export a younger snapshot, or ALTER TABLE {Table} SET OPTIONS (partition_expiration_days = NULL)")));

    /// <summary>
    /// Compares the counts of a MERGE that was not superseded with the rows that were sent; with <c>skip_unchanged</c> fewer may be written.
    /// </summary>
    /// <param name="newest">Of the scope, read after the MERGE; None = it was not read, or there is no row.</param>
    public Option<Failure> Objection(JobState.Done done, IdentityCounts sent, SnapshotCounts read, Option<DateTimeOffset> newest) =>
        (sent.Written == 0 && read.Rejected == 0 && read.ShowsWhatIsStale && newest.IsSome
            ? new Miscount("rows of the inventory and cluster, at least", 0, 1)
            : SkipUnchanged && done.Inserted + done.Updated <= sent.Written ? None
            : Miscount.Of("rows inserted or updated", sent.Written, done.Inserted + done.Updated))
        .Map(it => (Failure)new Failure.TryLater(
            FailureLine.Of(
                Stage.Export,
                $"{it}",
                $"the table may hold rows beside the snapshot: look for another writer of {Table}, or rows that stand twice; the next export repairs the rest"),
            Waits.Soon));

    /// <summary>Compares the rows that a load job counted with those that were sent.</summary>
    public static Option<Failure> ObjectionToLoad(long sent, long loaded) => Miscount.Of("rows loaded into the staging table", sent, loaded)
        .Map(it => (Failure)new Failure.TryLater(FailureLine.Of(Stage.Export, $"{it}", "nothing was written; it is tried again"), Waits.Soon));

    /// <summary>The result of a dry run without a table; None = the table exists and has to be queried.</summary>
    public Option<DryRunCounts> WithoutTable(IdentityCounts sent) => CreatedMs == 0 ? new DryRunCounts(sent.Written, 0, 0, None) : None;

    /// <summary>True when the rows are too large for one request; all rows then go into a staging table.</summary>
    public static bool NeedsStaging(SourceRows rows) => rows.ParameterBytes > Limits.MaxRequestBytes;

    /// <summary>The reason that forbids a staging table; None = it is allowed.</summary>
    public Option<Failure> ObjectionToStaging(SourceRows rows) => StagingDataset.IsSome
        ? None
        : Some<Failure>(new Failure.Refused(FailureLine.Of(
            Stage.Export,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the snapshot has more than {rows.ParameterBytes:N0} bytes, "
                + $"one request takes {Limits.MaxRequestBytes:N0}, and in mode existing no staging table is created unasked"),
            "create a dataset for staging tables in the same location and name it in options.staging_dataset")));

    /// <summary>A name that no other export uses.</summary>
    /// <param name="unique">Chosen at random.</param>
    public TableId Staging(string unique) =>
        new(Table.Project, StagingDataset.IfNone(Table.Dataset), $"kollect_staging_{unique}");

    /// <summary>
    /// The same for the same snapshot in the same table, so that a repeated submission finds the job instead of running twice; another one
    /// for other rows, for a table that was created anew, and for each attempt after a job that failed.
    /// </summary>
    /// <param name="content">A digest of the rows.</param>
    /// <param name="attempt">0 = the first.</param>
    public JobReference Job(ReadOnlySpan<byte> content, int attempt)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in new[] { Table.Project, Table.Dataset, Table.Table,
            Header.Scope.InventoryNamespace, Header.Scope.InventoryName, Header.Scope.Cluster })
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part.Length}:{part}")));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{CreatedMs}/{Header.ExportedAt.ToUnixTimeMilliseconds()}/{SkipUnchanged}/{(Header.IsComplete ? "" : "incomplete/")}")));
        hash.AppendData(content);
        return new JobReference(
            Table.Project,
            string.Create(CultureInfo.InvariantCulture, $"kollect_{Convert.ToHexStringLower(hash.GetHashAndReset()[..16])}_{attempt}"),
            Location);
    }

    /// <summary>Parameters of a statement over all rows, which travel with it.</summary>
    public Parameters WithRows(SourceRows rows, SnapshotCounts read) => new(Header, read.ShowsWhatIsStale, rows.ToParameter(), null);

    /// <summary>Parameters of a statement over a staging table.</summary>
    public Parameters WithStaging(SourceRows rows, SnapshotCounts read) => new(Header, read.ShowsWhatIsStale, null, rows.Last);

    /// <summary>Parameters of <see cref="Merge.Newest"/> and <see cref="Merge.Look"/>.</summary>
    public Parameters WithoutRows => new(Header, false, null, null);

    /// <summary>
    /// A MERGE over rows to write always writes one, unless the table holds a newer snapshot; one over none may find nothing to delete for
    /// either reason. True = only a query of the scope can distinguish them.
    /// </summary>
    public static bool MayBeSuperseded(JobState.Done done, IdentityCounts sent) =>
        sent.Written > 0 ? done.Inserted + done.Updated == 0 : done.Deleted == 0;

    /// <summary>Compares the scope's newest time with this snapshot.</summary>
    public Option<ExportResult> Superseded(Option<DateTimeOffset> newest) =>
        newest.Filter(held => held > Header.ExportedAt).Map(held => (ExportResult)new ExportResult.Superseded(Header.ExportedAt, held));

    /// <summary>
    /// A job of this id had ended before it was submitted: an earlier run of the same export. True = its result still holds; else the rows
    /// were changed since, and the statement runs again.
    /// </summary>
    public bool StillStands(Option<DateTimeOffset> newest) => newest.Exists(held => held == Header.ExportedAt);

    /// <summary>The basis of the next difference; None = rows that are not of the snapshot may have stayed.</summary>
    /// <param name="newest">The newest time of the scope.</param>
    public Option<Fence> FenceAt(DateTimeOffset newest, SnapshotCounts read) =>
        Header.Content.Filter(_ => read.ShowsWhatIsStale).Map(content => new Fence(newest, content.Checksum) { IsTimeAlone = true });

    /// <summary>Both sides of the count, put together.</summary>
    /// <param name="inserted">Rows that were not there.</param>
    /// <param name="updated">Rows rewritten.</param>
    /// <param name="deleted">Stale rows.</param>
    public static ExportOutcome Tally(SnapshotCounts read, IdentityCounts sent, long inserted, long updated, long deleted) => new(
        Items: read.Items,
        Inserted: inserted,
        Updated: updated,
        Unchanged: Math.Max(0, sent.Written - inserted - updated),
        Deleted: deleted,
        Adopted: 0,
        Duplicates: sent.Duplicates,
        Sanitized: read.Sanitized,
        Rejected: read.Rejected,
        StaleKept: !read.ShowsWhatIsStale,
        Skipped: read.Skipped,
        Bytes: read.Bytes,
        ElapsedMs: 0,
        Rejections: read.Rejections);
}

/// <summary>The answer to <see cref="Merge.Count"/>.</summary>
internal sealed record DryRunCounts(long Inserted, long Updated, long Deleted, Option<DateTimeOffset> Newest)
{
    /// <summary>No row counts nothing. Left = the row is not what the statement asks for.</summary>
    /// <param name="row">See <see cref="Answer.Complete"/>.</param>
    public static Either<Fault, DryRunCounts> Read(Seq<Option<string>> row) => row.IsEmpty
        ? new DryRunCounts(0, 0, 0, None)
        : row.Count == 4 && Number(row[0]).Case is long inserted && Number(row[1]).Case is long updated && Number(row[2]).Case is long deleted
            ? new DryRunCounts(inserted, updated, deleted, row[3].Bind(Answer.Time))
            : Errors.Unreadable("the row has not the four values of the statement");

    private static Option<long> Number(Option<string> value) => value.Match(
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? Some(number) : None,
        () => Some(0L));
}
