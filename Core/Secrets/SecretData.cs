namespace Kollect.Core.Secrets;

/// <summary>A Secret by name; the namespace is resolved (the sink's own where the manifest gave none).</summary>
public sealed record SecretRef(string Namespace, string Name);

/// <summary>A Secret as Shell read it, keys in ordinal order.</summary>
/// <param name="Ref">Which one.</param>
/// <param name="Data">Decoded values.</param>
/// <param name="Annotations">For the cross-namespace policy.</param>
public sealed record SecretData(SecretRef Ref, Map<string, SecretText> Data, Map<string, string> Annotations);
