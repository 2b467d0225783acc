using Kollect.Operator.Kubernetes;

namespace Kollect.Operator.Collection;

/// <summary>Options of collecting.</summary>
/// <param name="Namespace">Collect for targets of this namespace only; empty = all.</param>
/// <param name="Reporter">Reports the events of targets.</param>
/// <param name="TargetsAcrossNamespaces">See <see cref="Core.Collection.NamespaceGrants"/>.</param>
internal sealed record CollectionOptions(string Namespace, EventReporter Reporter, bool TargetsAcrossNamespaces = false);
