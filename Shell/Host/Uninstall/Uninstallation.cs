using Kollect.Operator.Kubernetes.Transport;

namespace Kollect.Host.Uninstall;

/// <summary>The steps of <c>kollect uninstall</c>, in the order in which each object still has what its removal needs.</summary>
/// <param name="report">Takes one line for each step that is done.</param>
internal sealed class Uninstallation(KubernetesApi api, TimeProvider time, string @namespace, bool keepsRows, Action<string> report)
{
    private readonly InstalledObjects objects = new(api, @namespace);
    private Removal? removal;
    private bool isRunning;

    /// <summary>One line for each object that is waited for.</summary>
    public IEnumerable<string> Waiting => removal?.Waiting ?? [];

    // Pods are deleted by the Deployment's controller. A replica that still runs creates a deleted Lease again: those come after the pods.
    private IEnumerable<Step> Steps =>
    [
        new("inventories", objects.InventoriesAsync),
        new("sinks", objects.SinksAsync),
        new("targets and profiles", objects.TargetsAndProfilesAsync),
        new("objects of the operator", objects.OfOperatorAsync),
        new("pods of the operator", objects.PodsAsync, Deletes: false),
        new("Leases of the operator", objects.LeasesAsync),
        new("CRDs", objects.DefinitionsAsync),
        new("namespace", objects.NamespaceAsync),
    ];

    /// <summary>What would be removed, step by step; empty = nothing is there.</summary>
    public async Task<IReadOnlyList<FoundStep>> FindAsync(CancellationToken cancel)
    {
        var found = new List<FoundStep>();
        foreach (var step in Steps)
            if (await step.Find(cancel) is { Count: > 0 } objects)
                found.Add(new FoundStep(step.What, objects));
        return found;
    }

    /// <summary>Those that use the operator's namespace too, so that it stays.</summary>
    public Task<IReadOnlyList<FoundObject>> OthersAsync(CancellationToken cancel) => objects.WorkloadsOfOthersAsync(cancel);

    /// <summary>Why nothing may be removed; null = it may.</summary>
    public async Task<string?> RefusalAsync(CancellationToken cancel)
    {
        if (await objects.OtherDefinitionsAsync(cancel) is { Count: > 0 } others)
            return $"nothing was removed: the cluster also has the CRDs {string.Join(", ", others)}; their operator uses the same inventories, targets and "
                + "profiles, and would lose them with ours. To remove this operator alone, kubectl delete what kollect install prints; to remove all, "
                + $"delete the others first: kubectl delete crd {string.Join(' ', others)}";
        var needsOperator = (await objects.InventoriesAsync(cancel)).Concat(await objects.SinksAsync(cancel)).Any(it => it.Finalizers.Any());
        isRunning = !needsOperator || await OperatorPresence.IsRunningAsync(objects, time, cancel);
        return isRunning || keepsRows
            ? null
            : $"nothing was removed: no operator renews a Lease kollect-operator in the namespace {@namespace}, and only an operator removes rows; "
                + $"start it (kubectl get pods -n {@namespace}), name its namespace with --namespace, or leave the rows with --keep-rows";
    }

    /// <summary>
    /// Removes all of it, after <see cref="RefusalAsync"/> had nothing against it. Returns one line for each inventory whose rows were left behind.
    /// </summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancel)
    {
        removal = new Removal(api, time, removesFinalizers: !isRunning, report);
        if (keepsRows)
            await removal.RetainAsync(await objects.InventoriesAsync(cancel), cancel);
        IReadOnlyList<string> left = [];
        foreach (var step in Steps)
        {
            await removal.RemoveAsync(step, cancel);
            if (step.Find == objects.SinksAsync)
                left = await objects.RowsLeftBehindAsync(cancel);
        }

        return left;
    }
}

/// <summary>Objects that are removed together.</summary>
/// <param name="What">For people, e.g. <c>inventories</c>.</param>
/// <param name="Find">Reads those that are left.</param>
/// <param name="Deletes">False = they are deleted by another one, and only waited for.</param>
internal sealed record Step(string What, Func<CancellationToken, Task<IReadOnlyList<FoundObject>>> Find, bool Deletes = true);

/// <summary>The objects that a step would remove, at least one.</summary>
/// <param name="What">See <see cref="Step"/>.</param>
internal sealed record FoundStep(string What, IReadOnlyList<FoundObject> Objects);
