using Kollect.Core.Collection.Cel;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>One of <c>spec.resourceRules</c>: a choice of objects of one kind. All conditions must hold.</summary>
/// <param name="Kind">The kind of the objects; a rule of another kind than that of the profile matches nothing.</param>
/// <param name="Namespaces">A selector on the labels of the object's namespace. A cluster-scoped object always meets it.</param>
/// <param name="Labels">A selector on the labels of the object.</param>
/// <param name="Policy">An expression that is true for the object; None = there is none.</param>
internal sealed record ResourceRule(ResourceKind Kind, LabelSelector Namespaces, LabelSelector Labels, Option<CelExpression> Policy)
{
    /// <summary>True = the rule matches an object of its kind, as far as labels decide.</summary>
    public bool Matches(Map<OrdStringOrdinal, string, string> labels, Option<KnownNamespace> @namespace) =>
        Labels.Matches(labels) && @namespace.ForAll(it => Namespaces.Matches(it.Labels));
}
