using Kollect.Core.Formatting;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Collection;

/// <summary>How a target selects namespaces: <see cref="NamespaceSelection"/>.</summary>
internal enum NamespacesBy
{
    /// <summary>It does not.</summary>
    Default,

    /// <summary>By labels of any kind.</summary>
    Labels,

    /// <summary>By their names: <c>spec.includedNamespaces</c>, and each value of <c>kubernetes.io/metadata.name</c>.</summary>
    Names,
}

/// <summary>
/// The namespaces that a <c>KollectTarget</c> selects. It collects from its own namespace without a grant, and from another one whose owner has
/// annotated it with <see cref="Annotation"/>. Objects without a namespace it does not collect: nobody can grant them.
/// </summary>
/// <remarks>
/// A target that names namespaces without a grant is not ready, and no row is deleted: its author means them. A target that selects by labels, or not
/// at all, collects from those that grant it, and its rows follow the grants as they follow the labels. Rows of an operator that did not know grants
/// are the exception (<paramref name="HoldsRows"/>): no owner has withdrawn anything, so none of them is deleted before the target is edited.
/// </remarks>
/// <param name="Own">The namespace of the target.</param>
/// <param name="Granted">Other namespaces that the target selects and that grant it, in ordinal order.</param>
/// <param name="Withheld">
/// Other namespaces that the target selects and that do not grant it, in ordinal order. Of <see cref="NamespacesBy.Names"/> they may not exist.
/// </param>
/// <param name="Field">The field of the target that selects them.</param>
/// <param name="HoldsRows">There may be rows of withheld namespaces that nobody gave up.</param>
internal sealed record NamespaceGrants(string Own, NamespacesBy By, Seq<string> Granted, Seq<string> Withheld, string Field, bool HoldsRows)
{
    /// <summary>The annotation of a namespace that lists, separated by commas, the namespaces whose targets may collect from it; <c>*</c> = all.</summary>
    public const string Annotation = "kollect.dev/allowed-target-namespaces";

    /// <summary>The label that the API server sets on every namespace to its name.</summary>
    public const string NameLabel = "kubernetes.io/metadata.name";

    private const int MaxNamed = 5;

    /// <summary>The namespaces that a target selects. None = the target is not limited: it is cluster-scoped, or the operator limits none.</summary>
    /// <param name="acrossNamespaces">The operator's flag <c>--targets-across-namespaces</c>.</param>
    /// <param name="known">All namespaces, in any order.</param>
    /// <param name="mayHoldRows">An operator without limits has collected for this target.</param>
    public static Option<NamespaceGrants> Of(Target target, bool acrossNamespaces, IEnumerable<KnownNamespace> known, bool mayHoldRows)
    {
        if (target is not Target.Namespaced { Namespace: var own } || acrossNamespaces)
            return None;
        var selection = target.Settings.Objects;
        var others = known.Where(it => it.Name != own).ToArray();
        var selected = others.Where(selection.IncludesOf).ToLookup(it => it.Grants(own), it => it.Name);
        // A named namespace counts whether it exists or not, so that nothing tells which namespaces there are.
        var named = selection.Namespaces.Names(NameLabel);
        var withheld = Sorted(named.Match(
            names => names.AsEnumerable().Where(name => name != own && !others.Any(it => it.Name == name && it.Grants(own))),
            () => selected[false]));
        var by = named.IsSome ? NamespacesBy.Names : selection.SelectsNamespaces ? NamespacesBy.Labels : NamespacesBy.Default;
        return new NamespaceGrants(own, by, Sorted(selected[true]), withheld, selection.Namespaces.Field, mayHoldRows && !withheld.IsEmpty);
    }

    /// <summary>True = the target may collect the objects of this namespace.</summary>
    public bool Include(KnownNamespace @namespace) => @namespace.Grants(Own);

    /// <summary>Why the target is not ready and none of its rows is deleted; None = it collects what it may.</summary>
    public Option<TargetPlan.Unlistable> Problem => (Withheld.IsEmpty, By, HoldsRows) switch
    {
        (true, _, _) or (_, not NamespacesBy.Names, false) => None,
        (_, NamespacesBy.Names, _) => NotGranted(
            $"{Field} names {Listed(Withheld)}, which {Verb("does not exist or has", "do not exist or have")} not granted it to targets of "
            + $"{Own}; {OwnersCommand}; until then no row is deleted"),
        (_, _, true) => NotGranted(
            $"an earlier operator collected from all namespaces, and {Listed(Withheld)} {Verb("has", "have")} not granted it to targets of {Own}; "
            + $"{OwnersCommand}; or the administrator of the operator lets targets collect across namespaces. Until then, or until this target is edited, "
            + $"no row is deleted; to delete the rows of other namespaces, set spec.namespaceSelector to matchLabels: {{{NameLabel}: {Own}}}"),
    };

    /// <summary>Reason and message of the condition about the grants.</summary>
    /// <returns>IsGranted: the target collects from all namespaces that it may expect.</returns>
    public (bool IsGranted, Reason Reason, string Message) Words => Problem.Match(
        problem => (false, HoldsRows ? TargetReasons.RowsHeld : TargetReasons.NotGranted, problem.Why),
        () => (Withheld.IsEmpty, By) switch
        {
            (true, _) => (true, TargetReasons.Granted, $"collects from {Sources}"),
            (_, NamespacesBy.Default) => (
                true, TargetReasons.OwnAndGranted, $"collects from {Sources}; the owner of another namespace grants it by {CommandFor("NAMESPACE")}"),
            _ => (
                false,
                TargetReasons.NotGranted,
                $"collects from {Sources}; {Field} also matches {Listed(Withheld)}, which {Verb("has", "have")} not granted it to targets of "
                + $"{Own}; {OwnersCommand}"),
        });

    private string Sources => $"its own namespace {Own}" + (Granted.IsEmpty ? " only" : $", and with their grant from {Listed(Granted)}");

    private string OwnersCommand =>
        $"the {Verb("owner grants", "owners grant")} it by {string.Join("; ", Withheld.Take(MaxNamed).Select(CommandFor))} ({GrantAnnotation.Remedy(Own)})";

    /// <summary>Of one namespace, because each may have a list of its own.</summary>
    private string CommandFor(string name) => GrantAnnotation.Command($"namespace {name}", Annotation, Own);

    private string Verb(string one, string several) => Withheld.Count == 1 ? one : several;

    private static Option<TargetPlan.Unlistable> NotGranted(string why) => new TargetPlan.Unlistable(TargetReasons.NamespacesNotGranted, why);

    private static string Listed(Seq<string> names) => FirstFew.Of(names, MaxNamed, ", ");

    private static Seq<string> Sorted(IEnumerable<string> names) => names.Order(StringComparer.Ordinal).ToArray().ToSeq();
}
