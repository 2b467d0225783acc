using Kollect.Core.Formatting;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>The use of a sink: the inventories whose status names a location of it.</summary>
/// <param name="By">In ordinal order.</param>
/// <param name="IsComplete">False = not all inventories have been listed yet.</param>
/// <param name="NamespaceEnds">The namespace of the sink is being deleted; read only for a sink that is being deleted itself.</param>
internal sealed record SinkUse(Seq<InventoryName> By, bool IsComplete, bool NamespaceEnds);

/// <summary>
/// A sink that inventories use is protected by a finalizer, as a claim protects a volume: it stays until their rows are removed. The finalizer is added
/// before the first row is written and removed with the last use, so that it blocks nothing when the operator is uninstalled after the inventories.
/// </summary>
internal static class SinkProtection
{
    /// <summary>Keeps a sink that is in use.</summary>
    public const string Finalizer = "kollect.dev/sink-in-use";

    /// <summary>The number of inventories that a message names.</summary>
    private const int Named = 10;

    /// <summary>
    /// True = rows may be written through the sink. A sink that is being deleted accepts no new finalizer, and only its old inventories use it.
    /// </summary>
    public static bool AllowsWrites(SinkObject sink) => sink.Metadata.DeletionTimestamp is not null || sink.Metadata.Finalizers.Contains(Finalizer);

    /// <summary>To be set; None = they stay as they are.</summary>
    public static Option<Seq<string>> Finalizers(SinkObject sink, SinkUse use)
    {
        var finalizers = sink.Metadata.Finalizers.ToSeq();
        return (finalizers.Contains(Finalizer), Holders(sink, use).IsEmpty) switch
        {
            (false, false) when sink.Metadata.DeletionTimestamp is null => Some(finalizers.Add(Finalizer)),
            (true, true) when use.IsComplete => Some(finalizers.Filter(it => it != Finalizer).Strict()),
            _ => None,
        };
    }

    /// <summary>
    /// The inventories for which the sink stays. Where its namespace is being deleted, those of the same namespace: they are deleted with it, while
    /// another one might block its end for ever.
    /// </summary>
    internal static Seq<InventoryName> Holders(SinkObject sink, SinkUse use) =>
        use.NamespaceEnds ? use.By.Filter(it => it.Namespace == sink.Metadata.Namespace).Strict() : use.By;

    /// <summary><c>3 inventories: shop/all, shop/old, team/all</c>.</summary>
    internal static string Shown(Seq<InventoryName> inventories) =>
        FormattableString.Invariant($"{inventories.Count} {(inventories.Count == 1 ? "inventory" : "inventories")}: ")
        + FirstFew.Of(inventories.Map(it => $"{it}").Strict(), Named, ", ");
}
