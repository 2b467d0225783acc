using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>Selects the objects of a kind that a target collects: all conditions must hold.</summary>
/// <param name="Namespaces">A selector on the labels of the object's namespace. A cluster-scoped object always meets it.</param>
/// <param name="Labels">A selector on the labels of the object.</param>
/// <param name="Names">The names of the objects; empty = any name.</param>
/// <param name="Watch">The mode for <see cref="WatchLabel"/>.</param>
internal sealed record ObjectSelection(LabelSelector Namespaces, LabelSelector Labels, Seq<string> Names, WatchMode Watch)
{
    /// <summary>The selector for list and watch. It matches every object that <see cref="Includes"/> accepts, and possibly more.</summary>
    public LabelSelector ForServer => Labels.And(WatchLabel.NotOptedOut);

    /// <summary>True = the object is collected.</summary>
    /// <param name="ofNamespace">The labels of the object's namespace. None = the object is cluster-scoped.</param>
    public bool Includes(string name, Map<OrdStringOrdinal, string, string> labels, Option<Map<OrdStringOrdinal, string, string>> ofNamespace) =>
        (Names.IsEmpty || Names.Contains(name))
        && Labels.Matches(labels)
        && ofNamespace.ForAll(Namespaces.Matches)
        && WatchLabel.Allows(Watch, labels, ofNamespace.IfNone(LanguageExt.Map<OrdStringOrdinal, string, string>.Empty));

    /// <summary>True = objects of the namespace may be collected, as far as its labels decide.</summary>
    public bool IncludesOf(KnownNamespace @namespace) => Namespaces.Matches(@namespace.Labels) && !WatchLabel.IsOptedOut(@namespace.Labels);

    /// <summary>True = a change of a namespace's labels may change which of its objects are collected.</summary>
    public bool Distinguishes(Map<OrdStringOrdinal, string, string> before, Map<OrdStringOrdinal, string, string> after) =>
        Namespaces.Matches(before) != Namespaces.Matches(after) || before.Find(WatchLabel.Key) != after.Find(WatchLabel.Key);
}
