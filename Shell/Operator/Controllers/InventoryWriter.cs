using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Operator.Status;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Controllers;

/// <summary>
/// Writes what is decided about inventories to the API server. Work that needs a write waits for it; what only reports is written beside the work, with
/// the state that is current then.
/// </summary>
/// <param name="inventories">Takes the answers.</param>
/// <param name="events">Records the events.</param>
/// <param name="changed">Called where an answer brings a change by a user, and after a report: the watch then brings nothing new.</param>
internal sealed class InventoryWriter(
    IKubernetesApi api,
    ObjectCache<InventoryObject, CachedInventory> inventories,
    EventRecorder events,
    Action<ObjectName> changed,
    KollectMetrics metrics,
    TimeProvider time,
    ILogger log) : IDisposable
{
    /// <summary>The kind of a namespace.</summary>
    public static readonly Resource Inventories = new("kollect.dev", "v1alpha1", "kollectinventories", Namespaced: true);

    /// <summary>The kind of the cluster.</summary>
    public static readonly Resource ClusterInventories = new("kollect.dev", "v1alpha1", "kollectclusterinventories", Namespaced: false);

    private const int MaxConcurrentReports = 16;

    private ReconcileLoop<ObjectName>? reports;

    private ReconcileLoop<ObjectName> Reports => LazyInitializer.EnsureInitialized(
        ref reports,
        () => new ReconcileLoop<ObjectName>("inventoryreport", ReportAsync, static name => name.Namespace, share: null, metrics, time, log));

    /// <summary>Reports beside the work until cancelled.</summary>
    public Task RunAsync(CancellationToken cancel) => Reports.RunAsync(MaxConcurrentReports, cancel);

    public void Dispose() => reports?.Dispose();

    /// <summary>Takes the report of a decision; it is written by <see cref="WriteAsync"/>, or later.</summary>
    public void Take(CachedInventory inventory, InventoryDecision decision)
    {
        inventory.IsStatusDue |= decision.Status.IsSome;
        inventory.AddEvents(decision.Events);
    }

    /// <summary>Writes status and events soon, and takes back the requests that are met.</summary>
    public async Task ReportLaterAsync(CachedInventory inventory, InventoryDecision decision, CancellationToken cancel)
    {
        if (inventory.HasReport)
            Reports.Add(inventory.Name);
        await ClearAsync(inventory, decision, cancel);
    }

    /// <summary>Writes status and events, and what the decision changes of the object itself.</summary>
    public async Task WriteAsync(CachedInventory inventory, InventoryDecision decision, CancellationToken cancel)
    {
        var resource = ResourceOf(inventory);
        await ReportAsync(inventory, cancel);
        foreach (var finalizers in decision.Finalizers.ToSeq())
        {
            var patch = ObjectRequests.Finalizers(inventory.Latest.Identity, finalizers);
            Answered(inventory, await api.MergePatchAsync(resource, inventory.Name, null, patch, cancel));
        }

        await ClearAsync(inventory, decision, cancel);
    }

    private async Task ClearAsync(CachedInventory inventory, InventoryDecision decision, CancellationToken cancel)
    {
        if (decision.ClearAnnotations.IsEmpty)
            return;
        var patch = ObjectRequests.WithoutAnnotations(decision.ClearAnnotations);
        Answered(inventory, await api.MergePatchAsync(ResourceOf(inventory), inventory.Name, null, patch, cancel));
    }

    private async Task<DateTimeOffset?> ReportAsync(ObjectName name, CancellationToken cancel)
    {
        if (inventories.Find(name) is { HasReport: true } inventory)
        {
            await ReportAsync(inventory, cancel);
            changed(name);
        }

        return null;
    }

    private async Task ReportAsync(CachedInventory inventory, CancellationToken cancel)
    {
        using var turn = await inventory.WriteTurnAsync(cancel);
        var about = inventory.Latest.Identity;
        if (inventory.IsStatusDue)
        {
            inventory.IsStatusDue = false;
            try
            {
                await WriteStatusAsync(inventory, about, cancel);
            }
            catch
            {
                inventory.IsStatusDue = true;
                throw;
            }
        }

        await events.RecordAsync(about, inventory.TakeEvents(), cancel);
    }

    private async Task WriteStatusAsync(CachedInventory inventory, ObjectIdentity about, CancellationToken cancel)
    {
        var status = InventoryStatusModel.Of(inventory.State.Status);
        if (!InventoryStatusModel.IsStored(status, inventory.Latest.Status))
            Answered(inventory, await api.ApplyAsync(ResourceOf(inventory), inventory.Name, "status", ObjectRequests.Status(about, status.WriteJson), cancel));
    }

    private static Resource ResourceOf(CachedInventory inventory) => inventory.Name.Namespace.Length > 0 ? Inventories : ClusterInventories;

    private void Answered(CachedInventory inventory, byte[] json)
    {
        if (inventories.Answered(inventory, json))
            changed(inventory.Name);
    }
}
