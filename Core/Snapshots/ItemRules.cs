namespace Kollect.Core.Snapshots;

/// <summary>How elements of a snapshot become rows.</summary>
/// <param name="Scope">Whose rows they are.</param>
/// <param name="Limits">What the backend cannot store.</param>
/// <param name="Target">Target name for Kubernetes objects; None = the kind in lower case and an s.</param>
/// <param name="IncludeSecrets">Also objects of kind Secret.</param>
public sealed record ItemRules(Scope Scope, RowLimits Limits, Option<string> Target, bool IncludeSecrets);
