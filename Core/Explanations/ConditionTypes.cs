using Kollect.Core.Kubernetes;
using Kollect.Core.Operator;
using Kollect.Core.Operator.Status;

namespace Kollect.Core.Explanations;

/// <summary>The types of conditions in words.</summary>
internal static class ConditionTypes
{
    public static Seq<(string Name, string On, string Meaning)> All { get; } = Seq(
        (Condition.Ready, "sinks, inventories, targets", "The object works as its spec wants it."),
        (Condition.Degraded, "sinks, inventories, targets", "Something fails, or works with a loss that the message names; absent = nothing."),
        (Condition.Stalled, "sinks, inventories, targets", "Only a change of spec, Secret or server helps; absent = nothing has to be changed."),
        (Condition.Reconciling, "sinks, inventories, targets", "Something runs or is tried again; absent = nothing."),
        (SinkConditions.ConnectionVerified, "sinks", "The last probe of this spec succeeded."),
        (SinkConditions.TlsInsecure, "sinks", "The certificate of the server is not checked; absent = it is."),
        (InventoryConditions.Synced, "inventories, and each of status.sinkExports", "The destination holds exactly the snapshot."),
        (InventoryConditions.SinkReachable, "inventories, and each of status.sinkExports", "The server answered the last export."),
        (TargetSituation.NamespacesGranted, "targets of one namespace", "Every namespace that the target selects has granted it."));
}
