namespace Kollect.Core.Snapshots;

/// <summary>The rules by which elements of a snapshot become rows.</summary>
/// <param name="Target">The target name of Kubernetes objects; None = the kind in lower case with a trailing s.</param>
/// <param name="IncludeSecrets">False = objects of kind Secret are skipped.</param>
internal sealed record ItemRules(Scope Scope, RowLimits Limits, Option<string> Target, bool IncludeSecrets);
