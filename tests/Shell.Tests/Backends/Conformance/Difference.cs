namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>A case in which a backend behaves differently; the case still runs and asserts that behaviour.</summary>
/// <param name="Case">The name of the case.</param>
/// <param name="Instead">The behaviour of the backend.</param>
/// <param name="Why">The property of the backend that causes it.</param>
internal sealed record Difference(string Case, string Instead, string Why)
{
    private const string TimeRowCounts = "one row is always rewritten, to carry the time of the snapshot, and counts as updated";
    private const string TimeRowWhy = "an export is one job, and its statistics do not identify the row that it rewrote";

    public static Difference AdoptsNothing { get; } = new(
        nameof(ConformanceCases.A_row_under_another_cluster_label_is_adopted),
        "the row stays beside the new one, under its old label",
        "the MERGE joins on cluster too, so that it reads only the clusters of the export");

    public static Difference KeepsTheTimeInTheLedger { get; } = new(
        nameof(ConformanceCases.Skipping_unchanged_rows_rewrites_one_row_at_most_and_still_holds_the_guard),
        "no row is rewritten where the ledger is",
        "the ledger holds the time of the snapshot; with options.ledger: \"false\" it is as for the others");

    public static Difference CountsTheTimeRow { get; } = new(
        nameof(ConformanceCases.Skipping_unchanged_rows_rewrites_one_row_at_most_and_still_holds_the_guard), TimeRowCounts, TimeRowWhy);

    public static Difference CountsTheTimeRowAmongChanges { get; } = new(
        nameof(ConformanceCases.A_changed_and_reduced_snapshot_is_mirrored_without_rewriting_equal_rows), TimeRowCounts, TimeRowWhy);

    public static Difference CountsTheTimeRowOfSharedItems { get; } = new(
        nameof(ConformanceCases.The_shared_items_are_read_back_equal_without_rewriting_equal_rows), TimeRowCounts, TimeRowWhy);

    public static Difference CannotRollBack { get; } = new(
        nameof(ConformanceCases.A_server_failure_midway_loses_no_row_and_the_next_export_repairs),
        "rows of the failed snapshot may stand beside the old ones until the next export; none is lost",
        "the writes run without a transaction, and stale rows are deleted only after the last of them was acknowledged");

    public static Difference OvertakenHalfway { get; } = new(
        nameof(ConformanceCases.Concurrent_exports_that_skip_unchanged_rows_end_in_one_snapshot_or_fail_as_transient),
        "an export that was overtaken may fail as transient, with rows of both snapshots beside each other until the next export",
        "without a transaction it cannot determine which of the equal rows that it did not write now belong to the newer snapshot");

    public static Difference ForgetsAnEmptyScope { get; } = new(
        nameof(DifferenceCases.A_difference_writes_what_changed),
        "a change from or to a snapshot without items is an export in full",
        "nothing but the rows holds the time of the snapshot");

    public static Difference RepairsInFull { get; } = new(
        nameof(DifferenceCases.A_row_that_another_client_adds_is_removed_at_the_next_look_and_nothing_else_is_written),
        "the look sees it, and an export in full removes it",
        "nothing tells which rows others have written");

    /// <param name="caseName">One of <see cref="HistoryCases"/>.</param>
    public static Difference KeepsNoHistory(string caseName) => new(
        caseName,
        "a sink with options.history is refused",
        "only PostgreSQL keeps a history; BigQuery has time travel and table snapshots of its own");

    /// <summary>All cases of <see cref="HistoryCases"/>.</summary>
    public static Seq<Difference> NoHistory { get; } = Seq(
        nameof(HistoryCases.Every_version_that_an_export_replaces_is_kept_with_its_times),
        nameof(HistoryCases.Versions_of_other_scopes_and_of_the_same_time_are_told_apart),
        nameof(HistoryCases.Differences_and_looks_keep_what_they_replace),
        nameof(HistoryCases.A_failure_midway_loses_no_version_and_the_next_export_keeps_none_twice)).Map(KeepsNoHistory).Strict();

    public static Difference MixesSnapshots { get; } = new(
        nameof(SequenceCases.Two_exporters_at_once_show_no_state_that_neither_exported_and_end_in_the_newest_snapshot),
        "a reader may see rows of both snapshots beside each other meanwhile; no row of both is missing",
        "the writes run without a transaction");
}
