using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Operator.Collection;
using Kollect.Operator.Kubernetes;

namespace Kollect.Operator.Controllers;

/// <summary>Lists the objects of an overview.</summary>
internal static class StatusListing
{
    /// <summary>The objects of one namespace, or of all and of the cluster.</summary>
    /// <param name="namespace">Empty = all.</param>
    /// <exception cref="ApiException">The API server refuses a list, or cannot be reached.</exception>
    public static async Task<StatusObjects> ListAsync(IKubernetesApi api, string @namespace, CancellationToken cancel)
    {
        var selection = new Selection(@namespace);
        var inventories = await InventoriesAsync(api, @namespace, cancel);
        var targets = await ListAsync<TargetObject>(api, CollectionTerm.Targets, selection, cancel);
        var sinks = await ListAsync<SinkObject>(api, SinkController.Sinks, selection, cancel);
        if (@namespace.Length == 0)
            targets.AddRange(await ListAsync<TargetObject>(api, CollectionTerm.ClusterTargets, selection, cancel));
        return new StatusObjects(inventories, targets.ToArray().ToSeq(), sinks.ToArray().ToSeq());
    }

    /// <summary>The inventories among them.</summary>
    /// <param name="namespace">Empty = all.</param>
    /// <exception cref="ApiException">The API server refuses a list, or cannot be reached.</exception>
    public static async Task<Seq<InventoryObject>> InventoriesAsync(IKubernetesApi api, string @namespace, CancellationToken cancel)
    {
        var inventories = await ListAsync<InventoryObject>(api, InventoryWriter.Inventories, new Selection(@namespace), cancel);
        if (@namespace.Length == 0)
            inventories.AddRange(await ListAsync<InventoryObject>(api, InventoryWriter.ClusterInventories, Selection.All, cancel));
        return inventories.ToArray().ToSeq();
    }

    private static async Task<List<T>> ListAsync<T>(IKubernetesApi api, Resource resource, Selection selection, CancellationToken cancel)
        where T : class, IWatchedObject<T>
    {
        List<T> objects = [];
        await foreach (var page in api.ListAsync(resource, selection, cancel))
            objects.AddRange(page.Items.Select(it => T.Read(it)).OfType<T>());
        return objects;
    }
}
