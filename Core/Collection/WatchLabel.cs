using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>Which objects a target takes without being asked: <c>spec.watchMode</c>.</summary>
public enum WatchMode
{
    /// <summary>All but those that are opted out.</summary>
    All,

    /// <summary>Only those that are opted in.</summary>
    OptIn,
}

/// <summary>The label <c>kollect.dev/watch</c>, by which owners of objects and namespaces opt out, or in.</summary>
/// <remarks>
/// <c>"false"</c> (or <c>disabled</c>) on an object or on its namespace: no target ever collects it, however it is opted in elsewhere. <c>"true"</c> (or <c>enabled</c>)
/// on either of them: a target with <see cref="WatchMode.OptIn"/> collects it. Any other value counts as none.
/// </remarks>
public static class WatchLabel
{
    /// <summary>Its name.</summary>
    public const string Key = "kollect.dev/watch";

    private static readonly Seq<string> Out = Seq("disabled", "false");
    private static readonly Seq<string> In = Seq("enabled", "true");

    /// <summary>For the API server, which need not send what is opted out; it cannot know about namespaces.</summary>
    public static LabelRequirement NotOptedOut { get; } = LabelRequirement.NotIn(Key, Out);

    /// <summary>May the object be collected?</summary>
    /// <param name="mode">Of the target.</param>
    /// <param name="labels">Of the object.</param>
    /// <param name="ofNamespace">Labels of its namespace; empty for an object without one.</param>
    public static bool Allows(WatchMode mode, Map<OrdStringOrdinal, string, string> labels, Map<OrdStringOrdinal, string, string> ofNamespace) =>
        !Has(labels, Out) && !Has(ofNamespace, Out) && (mode == WatchMode.All || Has(labels, In) || Has(ofNamespace, In));

    private static bool Has(Map<OrdStringOrdinal, string, string> labels, Seq<string> values) => labels.Find(Key).Exists(value => values.Contains(value));
}
