namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>Something that a backend keeps in another way than the rest; the case still runs and asserts what happens instead.</summary>
/// <param name="Case">The case that asks for it.</param>
/// <param name="Instead">What the backend does.</param>
/// <param name="Why">What of the backend leaves no choice.</param>
internal sealed record Difference(string Case, string Instead, string Why)
{
    private const string KeeperCounts = "one row is always rewritten, to carry the time of the snapshot, and counts as updated";
    private const string KeeperWhy = "an export is one job, and its statistics do not tell which row it rewrote";

    public static Difference AdoptsNothing { get; } = new(
        nameof(ConformanceCases.A_row_under_another_cluster_label_is_adopted),
        "the row stays beside the new one, under its old label",
        "the MERGE joins on cluster too, so that it reads only the clusters of the export");

    public static Difference CountsTheTimeKeeper { get; } = new(
        nameof(ConformanceCases.Skipping_unchanged_rows_rewrites_one_row_at_most_and_still_holds_the_guard), KeeperCounts, KeeperWhy);

    public static Difference CountsTheTimeKeeperAmongChanges { get; } = new(
        nameof(ConformanceCases.A_changed_and_reduced_snapshot_is_mirrored_without_rewriting_equal_rows), KeeperCounts, KeeperWhy);

    public static Difference CountsTheTimeKeeperOfSharedItems { get; } = new(
        nameof(ConformanceCases.The_shared_items_come_back_equal_without_rewriting_equal_rows), KeeperCounts, KeeperWhy);

    public static Difference CannotRollBack { get; } = new(
        nameof(ConformanceCases.A_server_that_goes_away_in_the_middle_costs_no_row_and_the_next_export_repairs),
        "rows of the failed snapshot may stand beside the old ones until the next export; none is lost",
        "the writes run without a transaction, and stale rows are deleted only after the last of them was acknowledged");

    public static Difference OvertakenHalfway { get; } = new(
        nameof(ConformanceCases.Exporters_that_skip_unchanged_rows_at_once_end_in_one_snapshot_or_say_that_another_export_is_needed),
        "an export that was overtaken may fail as transient, with rows of both snapshots beside each other until the next export",
        "without transactions it cannot know which of the equal rows that it left alone belong to the newer snapshot by now");
}
