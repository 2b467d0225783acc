using Kollect.Core.Exports;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Shell.Exports;

/// <summary>Removes the rows of one scope from a sink: an export of no item, if the table exists.</summary>
internal static class RowRemoval
{
    /// <summary>Attempts where the rows are newer than this machine's clock, or another writer writes them at the same time.</summary>
    private const int Attempts = 3;

    /// <summary>Resolves the Secrets, connects, reads the state and removes the rows. Creates nothing. Expected failures are values.</summary>
    /// <param name="sink">A sink in mode <see cref="KollectDatabaseSinkMode.Existing"/>.</param>
    /// <param name="now">The time of the removal. Newer rows are deleted as well, because no inventory owns them.</param>
    /// <param name="cancel">Rolls back.</param>
    public static Task<RemovalResult> RunAsync(
        IDestinations destinations, Sink sink, Scope scope, DateTimeOffset now, CancellationToken cancel) =>
        destinations.UseAsync<RemovalResult>(sink, scope, destination => RunAsync(destination, scope, now, cancel), RemovalResult.Failed.Of);

    private static async Task<RemovalResult> RunAsync(IDestination destination, Scope scope, DateTimeOffset now, CancellationToken cancel)
    {
        switch (await destination.PlanAsync(cancel))
        {
            case PlanResult.Failed it:
                return RemovalResult.Failed.Of(it.Failure);
            case PlanResult.Planned { Exists: false }:
                return new RemovalResult.Removed(0);
        }

        return await RemoveAsync(destination, scope, Envelope.WholeMilliseconds(now), now, Attempts, cancel);
    }

    private static async Task<RemovalResult> RemoveAsync(
        IDestination destination, Scope scope, DateTimeOffset time, DateTimeOffset now, int attempts, CancellationToken cancel)
    {
        var result = await destination.ExportAsync(
            new SnapshotHeader(scope, time, None) { RemovedAt = Envelope.WholeMilliseconds(now) },
            AsyncEnumerable.Empty<RowOrRejection>(),
            dryRun: false,
            progress: null,
            cancel);
        return await RemovalResult.Of(result, attempts == 1, now).MatchAsync(
            Right: ended => ended,
            LeftAsync: later => RemoveAsync(destination, scope, later, now, attempts - 1, cancel));
    }
}
