namespace Kollect.Core.Kubernetes;

/// <summary>The reason of conditions and events: one CamelCase word for programs, with its explanation.</summary>
/// <param name="Name">As it stands in a status.</param>
/// <param name="Meaning">When it is set, one sentence.</param>
/// <param name="Remedy">What a user can do, one sentence; None = nothing is wrong.</param>
internal sealed record Reason(string Name, string Meaning, Option<string> Remedy = default);
