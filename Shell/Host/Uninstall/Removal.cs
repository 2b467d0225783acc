using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Inventories.Cleanup;
using Kollect.Core.Operator;
using Kollect.Host.Output;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Kubernetes.Transport;

namespace Kollect.Host.Uninstall;

/// <summary>Deletes objects and waits until they are gone.</summary>
/// <param name="removesFinalizers">True = no operator runs that would remove its finalizers, so they are removed here.</param>
/// <param name="report">Takes one line for each step that is done.</param>
internal sealed class Removal(KubernetesApi api, TimeProvider time, bool removesFinalizers, Action<string> report)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(10);
    private static readonly string[] Finalizers = [InventoryReconcile.Finalizer, SinkProtection.Finalizer];

    private IReadOnlyList<FoundObject> left = [];

    /// <summary>Also those that are created meanwhile, until none is left; then says how many there were.</summary>
    public async Task RemoveAsync(Step step, CancellationToken cancel)
    {
        var gone = new System.Collections.Generic.HashSet<string>(StringComparer.Ordinal);
        var reported = time.GetTimestamp();
        while ((left = await step.Find(cancel)).Count > 0)
        {
            foreach (var it in left)
            {
                if (step.Deletes && !it.IsTerminating)
                    await api.DeleteAsync(it.Resource, it.Name, cancel);
                else if (removesFinalizers && it.Finalizers.Intersect(Finalizers).Any())
                    await RemoveFinalizersAsync(it, cancel);
                gone.Add(it.Uid);
            }

            if (time.GetElapsedTime(reported) >= Report)
            {
                reported = time.GetTimestamp();
                foreach (var line in Waiting)
                    Terminal.Error(line);
            }

            await Task.Delay(Pause, time, cancel);
        }

        if (gone.Count > 0)
            report(FormattableString.Invariant($"{step.What}: {gone.Count} removed"));
    }

    /// <summary>One line for each object that is waited for.</summary>
    public IEnumerable<string> Waiting => left.Select(it => $"waiting for {it}" + (it.Why.Length > 0 ? $": {it.Why}" : Held(it)));

    /// <summary>Sets the annotation by which the operator keeps the rows of an inventory.</summary>
    public async Task RetainAsync(IEnumerable<FoundObject> inventories, CancellationToken cancel)
    {
        foreach (var it in inventories)
            await PatchAsync(it, new JsonObject { ["annotations"] = new JsonObject { [Reclaiming.Annotation] = "retain" } }, cancel);
    }

    private static string Held(FoundObject it) => it.Finalizers.Any() ? $": held by the finalizers {string.Join(", ", it.Finalizers)}" : "";

    private Task RemoveFinalizersAsync(FoundObject it, CancellationToken cancel) => PatchAsync(
        it,
        new JsonObject
        {
            // Without a version another writer's finalizer could be lost; a conflict is tried again in the next round.
            ["resourceVersion"] = it.Json["metadata"]!["resourceVersion"]!.ToString(),
            ["finalizers"] = new JsonArray([.. it.Finalizers.Except(Finalizers).Select(finalizer => (JsonNode)finalizer)]),
        },
        cancel);

    private async Task PatchAsync(FoundObject it, JsonObject metadata, CancellationToken cancel)
    {
        try
        {
            await api.MergePatchAsync(it.Resource, it.Name, null, JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["metadata"] = metadata }), cancel);
        }
        catch (ApiException changed) when (changed.Kind is ApiError.NotFound or ApiError.Conflict)
        {
        }
    }
}
