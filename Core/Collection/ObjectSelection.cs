using System.Runtime.InteropServices;
using System.Text.Json;
using Kollect.Core.Collection.JsonPaths;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>Selects the objects of a kind that a target collects: all conditions must hold.</summary>
/// <param name="Namespaces">The namespaces of the objects. A cluster-scoped object is selected in any case.</param>
/// <param name="Labels">A selector on the labels of the object.</param>
/// <param name="Names">The names of the objects; empty = any name.</param>
/// <param name="Rules">One of them must match; empty = there are none. Beside rules labels and names select everything.</param>
/// <param name="Watch">The mode for <see cref="WatchLabel"/>.</param>
internal sealed record ObjectSelection(NamespaceSelection Namespaces, LabelSelector Labels, Seq<string> Names, Seq<ResourceRule> Rules, WatchMode Watch)
{
    /// <summary>The selector for list and watch. It matches every object that <see cref="Includes"/> accepts, and possibly more.</summary>
    public LabelSelector ForServer => (Rules.Count == 1 ? Rules[0].Labels : Labels).And(WatchLabel.NotOptedOut);

    /// <summary>True = the target demands labels of namespaces.</summary>
    public bool SelectsNamespaces =>
        Namespaces.Labels != LabelSelector.Everything || (!Rules.IsEmpty && Rules.ForAll(rule => rule.Namespaces != LabelSelector.Everything));

    /// <summary>True = the object is collected, as far as the expressions of the rules do not decide: see <see cref="Policies"/>.</summary>
    /// <param name="of">The object's namespace. None = the object is cluster-scoped.</param>
    public bool Includes(string name, Map<OrdStringOrdinal, string, string> labels, Option<KnownNamespace> of) =>
        (Names.IsEmpty || Names.Contains(name))
        && Labels.Matches(labels)
        && of.ForAll(Namespaces.Includes)
        && (Rules.IsEmpty || Rules.Exists(rule => rule.Matches(labels, of)))
        && WatchLabel.Allows(Watch, labels, of.Match(it => it.Labels, LanguageExt.Map<OrdStringOrdinal, string, string>.Empty));

    /// <summary>True = one of the rules matches the object with its expression, or has none. Left = the limit that an expression exceeds.</summary>
    /// <param name="root">What may be collected of the object.</param>
    public Either<string, bool> Policies(Map<OrdStringOrdinal, string, string> labels, Option<KnownNamespace> of, JsonElement root)
    {
        var budget = new PathBudget(JsonMarshal.GetRawUtf8Value(root).Length);
        var matching = Rules.Filter(rule => rule.Matches(labels, of)).Strict();
        if (matching.IsEmpty || matching.Exists(rule => rule.Policy.IsNone))
            return !matching.IsEmpty;
        foreach (var policy in matching.Bind(rule => rule.Policy.ToSeq()))
        {
            if (!policy.Holds(root, budget).TryRight(out var holds, out var why))
                return why;
            if (holds)
                return true;
        }

        return false;
    }

    /// <summary>True = objects of the namespace may be collected, as far as its name and its labels decide.</summary>
    public bool IncludesOf(KnownNamespace @namespace) =>
        Namespaces.Includes(@namespace)
        && (Rules.IsEmpty || Rules.Exists(rule => rule.Namespaces.Matches(@namespace.Labels)))
        && !WatchLabel.IsOptedOut(@namespace.Labels);

    /// <summary>True = a change of a namespace may change which of its objects are collected.</summary>
    public bool Distinguishes(KnownNamespace before, KnownNamespace after) =>
        Namespaces.Includes(before) != Namespaces.Includes(after)
        || Rules.Exists(rule => rule.Namespaces.Matches(before.Labels) != rule.Namespaces.Matches(after.Labels))
        || before.Labels.Find(WatchLabel.Key) != after.Labels.Find(WatchLabel.Key);
}
