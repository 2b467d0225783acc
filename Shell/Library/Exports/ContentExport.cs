using System.Diagnostics;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Exports;

/// <summary>The end of an export.</summary>
/// <param name="Lost">Some = the destination did not hold the basis, and everything was exported.</param>
internal sealed record ContentExported(ExportResult Result, Option<BasisLost> Lost);

/// <summary>A snapshot in memory into an open destination, by a given method.</summary>
internal static class ContentExport
{
    /// <summary>Where the destination does not hold the basis of the method, an export in full follows at once.</summary>
    /// <param name="header">Its content is known.</param>
    /// <param name="cancel">Rolls back what is not committed.</param>
    public static async Task<ContentExported> RunAsync(
        IDestination destination, SnapshotHeader header, ExportMethod method, SnapshotContent content, CancellationToken cancel)
    {
        var rules = SnapshotExport.RulesOfCollected(destination, header);
        var written = method switch
        {
            ExportMethod.Full => Right<BasisLost, ExportResult>(await FullAsync()),
            ExportMethod.Look it => await LookAsync(header, it.Basis, it.Rejected),
            ExportMethod.Changes it => await ChangesAsync(it),
            _ => throw new UnreachableException(),
        };
        return await written.MatchAsync(
            Right: result => new ContentExported(result, None),
            LeftAsync: async lost => new ContentExported(await FullAsync(), lost));

        async Task<ExportResult> FullAsync()
        {
            var rejected = new List<RejectedItem>();
            var result = await SnapshotExport.RunAsync(destination, header, content.Items, rejected.Add, cancel);
            return Knowing(result, RejectedItems.None.With(rejected));
        }

        async Task<Either<BasisLost, ExportResult>> LookAsync(SnapshotHeader at, Fence basis, RejectedItems rejected) =>
            (await destination.RepairAsync(at, new HeldSnapshot(content, basis, rejected, rules), cancel)).Map(result => Knowing(result, rejected));

        async Task<Either<BasisLost, ExportResult>> ChangesAsync(ExportMethod.Changes it)
        {
            var changes = content.Since(it.Before);
            var items = new ChangedItems(changes, it.Rejected, rules);
            var removed = header.IsComplete ? changes.Removed.Select(gone => new RowIdentity(gone.TargetName, gone.Uid)) : [];
            var result = (await destination.ExportChangesAsync(
                header, new SnapshotChanges(it.Basis, items.Rows, [.. removed]) { Rejected = items.Untouched }, cancel))
                .Map(result => Knowing(result, items.Rejected));
            return it.Looks && result.Case is ExportResult.Exported { Fence.Case: Fence fence } exported
                ? (await LookAsync(header with { ExportedAt = header.ExportedAt.AddMilliseconds(1) }, fence, items.Rejected)).Map(look => Both(exported, look))
                : result;
        }
    }

    private static ExportResult Knowing(ExportResult result, RejectedItems rejected) =>
        result is ExportResult.Exported exported ? exported with { Rejected = rejected } : result;

    private static ExportResult Both(ExportResult.Exported changes, ExportResult look) => look is ExportResult.Exported found
        ? found with { Outcome = changes.Outcome.With(found.Outcome) }
        : look;
}
