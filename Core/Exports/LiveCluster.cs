using System.Globalization;
using Kollect.Core.Formatting;

namespace Kollect.Core.Exports;

/// <summary>
/// Another cluster label under which the same inventory is exported into the same table, and which has lost rows to this one: objects of two clusters have
/// equal UIDs, as after a restore from a backup, and each export takes the rows from the other cluster.
/// </summary>
/// <param name="Rows">Rows that it has written or verified, and that do not stand under its label any more.</param>
/// <param name="ExportedAt">The newest snapshot that its rows were found to be.</param>
internal sealed record LiveCluster(string Label, long Rows, DateTimeOffset ExportedAt)
{
    /// <summary>A label without an export for longer is taken for a former one: the cluster is gone, or its label was changed.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(1);

    private const int MaxNamed = 3;

    /// <summary>What has happened and what to do, in one line; None = nothing was taken from a label in use.</summary>
    public static Option<string> Warning(Seq<LiveCluster> clusters) => clusters.IsEmpty
        ? None
        : Some(
            $"rows were taken over from another cluster that exports too: {FirstFew.Of(clusters.Map(it => it.Text), MaxNamed)}; objects of both have "
            + "equal UIDs, as after a restore from a backup, and each export takes the rows back — give each cluster a table of its own, e.g. by "
            + "{cluster} in spec.provisioning.naming.template; after a change of spec.cluster there is nothing to do");

    // 12 rows of cluster "west" (exported 2026-11-23T08:00:00Z)
    private string Text => string.Create(
        CultureInfo.InvariantCulture, $"{Rows:N0} row{(Rows == 1 ? "" : "s")} of cluster {Shown.Quoted(Label)} (exported {Times.Seconds(ExportedAt)})");
}
