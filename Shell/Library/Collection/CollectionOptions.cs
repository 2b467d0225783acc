namespace Kollect.Shell.Collection;

/// <summary>Options of collecting.</summary>
/// <param name="Namespace">Collect for targets of this namespace only; empty = all.</param>
/// <param name="Instance">Reports the events of targets: the name of the pod.</param>
public sealed record CollectionOptions(string Namespace, string Instance);
