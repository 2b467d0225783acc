namespace Kollect.Core.Collection;

/// <summary>The namespaces whose objects a target selects: all conditions must hold. They narrow what may be read, and never widen it.</summary>
/// <param name="Labels">A selector on the labels of the namespace.</param>
/// <param name="Included">The names of the namespaces; empty = any.</param>
/// <param name="Excluded">The names of other namespaces.</param>
/// <param name="ExcludedLabels">A selector on the labels of other namespaces; None = there is none.</param>
internal sealed record NamespaceSelection(LabelSelector Labels, Seq<string> Included, Seq<string> Excluded, Option<LabelSelector> ExcludedLabels)
{
    /// <summary>Selects every namespace.</summary>
    public static NamespaceSelection Everything { get; } = new(LabelSelector.Everything, [], [], None);

    /// <summary>True = the namespace is selected.</summary>
    public bool Includes(KnownNamespace @namespace) =>
        (Included.IsEmpty || Included.Contains(@namespace.Name))
        && !Excluded.Contains(@namespace.Name)
        && Labels.Matches(@namespace.Labels)
        && !ExcludedLabels.Exists(it => it.Matches(@namespace.Labels));

    /// <summary>The field that selects: for the message about its namespaces.</summary>
    public string Field => Included.IsEmpty ? "spec.namespaceSelector" : "spec.includedNamespaces";

    /// <summary>The namespaces that are selected by their names; None = the target names none.</summary>
    /// <param name="nameLabel">The label whose value is the name of a namespace.</param>
    public Option<Seq<string>> Names(string nameLabel)
    {
        var lists = Labels.Requirements.Choose(it => it is LabelRequirement.OneOf one && one.Key == nameLabel ? Some(one.Values) : None);
        var all = Included.IsEmpty ? lists : Included.Cons(lists);
        return all.IsEmpty
            ? None
            : Some(all.Reduce(static (one, other) => one.Filter(name => other.Contains(name))).Filter(name => !Excluded.Contains(name)).Strict());
    }
}
