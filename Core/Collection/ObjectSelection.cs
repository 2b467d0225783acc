using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>Which objects of a kind a target collects: those that meet all of these.</summary>
/// <param name="Namespaces">Labels of the object's namespace. Objects without a namespace meet it.</param>
/// <param name="Labels">Labels of the object.</param>
/// <param name="Names">Names of the objects; empty = any.</param>
/// <param name="Watch">What <see cref="WatchLabel"/> decides.</param>
public sealed record ObjectSelection(LabelSelector Namespaces, LabelSelector Labels, Seq<string> Names, WatchMode Watch)
{
    /// <summary>What the API server is asked for; it may send more than <see cref="Includes"/> accepts, never less.</summary>
    public LabelSelector ForServer => Labels.And(WatchLabel.NotOptedOut);

    /// <summary>Is the object collected?</summary>
    /// <param name="name">Of the object.</param>
    /// <param name="labels">Of the object.</param>
    /// <param name="ofNamespace">Labels of its namespace. None = it has no namespace.</param>
    public bool Includes(string name, Map<OrdStringOrdinal, string, string> labels, Option<Map<OrdStringOrdinal, string, string>> ofNamespace) =>
        (Names.IsEmpty || Names.Contains(name))
        && Labels.Matches(labels)
        && ofNamespace.ForAll(Namespaces.Matches)
        && WatchLabel.Allows(Watch, labels, ofNamespace.IfNone(LanguageExt.Map<OrdStringOrdinal, string, string>.Empty));

    /// <summary>Could it make a difference to an object that its namespace has other labels now?</summary>
    /// <param name="before">The labels that it had.</param>
    /// <param name="after">Those that it has now.</param>
    public bool Distinguishes(Map<OrdStringOrdinal, string, string> before, Map<OrdStringOrdinal, string, string> after) =>
        Namespaces.Matches(before) != Namespaces.Matches(after) || before.Find(WatchLabel.Key) != after.Find(WatchLabel.Key);
}
