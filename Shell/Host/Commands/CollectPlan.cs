using Kollect.Core.Inventories;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;
using Kollect.Shell.Manifests;

namespace Kollect.Host.Commands;

/// <summary>What the files of <c>-f</c> say: which inventories go where.</summary>
internal sealed record CollectPlan(Seq<Inventory> Inventories, HashMap<SinkName, Sink> Sinks)
{
    /// <summary>The valid inventories and their sinks. Left: every problem of the files, one line each.</summary>
    /// <param name="namespace">None = the inventories of all namespaces, and those of the cluster.</param>
    public static Either<Seq<string>, CollectPlan> Of(Workspace workspace, Option<string> @namespace)
    {
        if (!workspace.Problems.IsEmpty)
            return workspace.Problems.Map(it => it.ToString());
        var inventories = workspace.Objects
            .Choose(it => Optional(InventoryObject.Read(KnownDocuments.JsonOf(it).Span)))
            .Bind(it => it.Spec.ToSeq())
            .Filter(it => @namespace.ForAll(name => it.RowNamespace == name))
            .Strict();
        var plan = new CollectPlan(
            inventories, toHashMap(workspace.Sinks.Bind(it => it.Sink.Map(sink => (new SinkName(it.Name.Namespace, it.Name.Name), sink)).ToSeq())));
        var lacking = inventories.Bind(it => it.Settings.Sinks
            .Map(sink => new SinkName(sink.Namespace, sink.Name))
            .Filter(name => plan.Sinks.Find(name).IsNone)
            .Map(name => $"inventory {it.RowNamespace}/{it.Settings.Name} names the sink {name}, which is not among the files of -f"));
        return inventories.IsEmpty
            ? Seq1("the files of -f hold no KollectInventory or KollectClusterInventory" + @namespace.Match(name => $" of namespace {name}", () => ""))
            : lacking.IsEmpty ? plan : lacking.Strict();
    }

    /// <summary>The sinks of an inventory in the order of its manifest; none where it is suspended.</summary>
    public Seq<(SinkName Name, Sink Sink)> SinksOf(Inventory inventory) => inventory.Settings.IsSuspended
        ? Empty
        : inventory.Settings.Sinks.Map(it => new SinkName(it.Namespace, it.Name)).Map(name => (name, Sinks[name]));
}
