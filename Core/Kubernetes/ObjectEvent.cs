namespace Kollect.Core.Kubernetes;

/// <summary>Something that happened to an object, for <c>kubectl describe</c>.</summary>
/// <param name="IsWarning">Or normal.</param>
/// <param name="Reason">For programs: one CamelCase word, as in the condition.</param>
/// <param name="Note">For people: one line, free of anything from a Secret.</param>
public sealed record ObjectEvent(bool IsWarning, string Reason, string Note);
