using Kollect.Core.Collection;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Collection;

/// <summary>Keeps the status of every target current.</summary>
internal sealed class TargetStatuses : IDisposable
{
    private const string Name = "target";
    private const int MaxConcurrentReconciles = 8;

    private readonly IKubernetesApi api;
    private readonly ObjectCache<TargetObject, CachedTarget> targets;
    private readonly Func<string, bool> owns;
    private readonly TimeProvider time;
    private readonly EventRecorder events;
    private readonly ReconcileLoop<ObjectName> reconciles;

    /// <param name="owns">Whether this replica writes the status of the target with this uid.</param>
    public TargetStatuses(
        IKubernetesApi api,
        ObjectCache<TargetObject, CachedTarget> targets,
        Func<string, bool> owns,
        EventReporter reporter,
        KollectMetrics metrics,
        TimeProvider time,
        ILogger log)
    {
        (this.api, this.targets, this.owns, this.time) = (api, targets, owns, time);
        events = new EventRecorder(api, "Collect", reporter, time, log);
        reconciles = new ReconcileLoop<ObjectName>(Name, ReconcileAsync, static name => name.Namespace, share: null, metrics, time, log);
    }

    /// <summary>Something has changed.</summary>
    public void Add(ObjectName target) => reconciles.Add(target);

    /// <summary>Until cancelled.</summary>
    public Task RunAsync(CancellationToken cancel) => reconciles.RunAsync(MaxConcurrentReconciles, cancel);

    public void Dispose() => reconciles.Dispose();

    /// <summary>The status of a target at a moment, and what follows from it.</summary>
    public static TargetStatus Decide(CachedTarget target, DateTimeOffset now)
    {
        var (plan, collected) = (target.Work.Plan, target.Work.Collected);
        var progress = collected?.Progress ?? WatchProgress.Begun;
        var problems = collected is null ? Empty : collected.Problems.Values.ToArray().ToSeq();
        var items = collected is not null && progress.HasListed ? Some(collected.Items.Count) : None;
        return TargetStatus.Of(target.Latest, plan, TargetSituation.Of(plan, progress, problems), items, problems.Count, target.CountsWritten, now);
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectName name, CancellationToken cancel)
    {
        if (targets.Find(name) is not { Latest.Metadata.DeletionTimestamp: null } target || !owns(target.Uid))
            return null;
        var now = time.GetUtcNow();
        var decision = Decide(target, now);
        foreach (var status in decision.Status.ToSeq())
        {
            var resource = target.Name.Namespace.Length > 0 ? CollectionTerm.Targets : CollectionTerm.ClusterTargets;
            targets.Answered(target, await api.ApplyAsync(resource, name, "status", ObjectRequests.Status(target.Latest.Identity, status.WriteJson), cancel));
            target.CountsWritten = decision.IsOfCountsAlone ? now : target.CountsWritten;
        }

        await events.RecordAsync(target.Latest.Identity, decision.Events, cancel);
        return decision.Next.ToNullable();
    }
}
