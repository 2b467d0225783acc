using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>The objects that a target collects by default: <c>spec.watchMode</c>.</summary>
internal enum WatchMode
{
    /// <summary>All objects that are not opted out.</summary>
    All,

    /// <summary>Only objects that are opted in.</summary>
    OptIn,
}

/// <summary>The label <c>kollect.dev/watch</c>, by which owners of objects and namespaces opt out or in.</summary>
/// <remarks>
/// With <c>"false"</c> (or <c>disabled</c>) on an object or on its namespace no target collects the object, even if the other one is opted in.
/// With <c>"true"</c> (or <c>enabled</c>) on one of them a target with <see cref="WatchMode.OptIn"/> collects it. Any other value is ignored.
/// </remarks>
internal static class WatchLabel
{
    /// <summary>The label's key.</summary>
    public const string Key = "kollect.dev/watch";

    /// <summary>The annotation of a namespace that stands for the label there: an owner who may not set labels of the namespace sets it.</summary>
    public const string OfNamespace = "kollect.dev/namespace-watch";

    private static readonly Seq<string> Out = Seq("disabled", "false");
    private static readonly Seq<string> In = Seq("enabled", "true");

    /// <summary>
    /// The requirement by which the API server omits objects that are opted out. It does not cover labels of namespaces, which <see cref="Allows"/> checks.
    /// </summary>
    public static LabelRequirement NotOptedOut { get; } = LabelRequirement.NotIn(Key, Out);

    /// <summary>True = the object may be collected.</summary>
    /// <param name="ofNamespace">The labels of the object's namespace; empty for a cluster-scoped object.</param>
    public static bool Allows(WatchMode mode, Map<OrdStringOrdinal, string, string> labels, Map<OrdStringOrdinal, string, string> ofNamespace) =>
        !Has(labels, Out) && !Has(ofNamespace, Out) && (mode == WatchMode.All || Has(labels, In) || Has(ofNamespace, In));

    /// <summary>True = no object of a namespace with these labels, or no object with them, is collected.</summary>
    public static bool IsOptedOut(Map<OrdStringOrdinal, string, string> labels) => Has(labels, Out);

    /// <summary>
    /// The labels of a namespace with the annotation that stands for <see cref="Key"/>; a label that opts out wins, and so does such an annotation.
    /// </summary>
    public static Map<OrdStringOrdinal, string, string> With(Map<OrdStringOrdinal, string, string> labels, Option<string> annotation) =>
        annotation.Filter(it => Out.Contains(it) || (In.Contains(it) && !Has(labels, Out))).Match(it => labels.AddOrUpdate(Key, it), labels);

    private static bool Has(Map<OrdStringOrdinal, string, string> labels, Seq<string> values) => labels.Find(Key).Exists(value => values.Contains(value));
}
