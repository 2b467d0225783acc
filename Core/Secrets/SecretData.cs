namespace Kollect.Core.Secrets;

/// <summary>The name of a Secret. The namespace is never empty: without one in the manifest it is the sink's.</summary>
public sealed record SecretRef(string Namespace, string Name);

/// <summary>The content of a Secret; keys in ordinal order.</summary>
/// <param name="Data">Values, decoded from base64.</param>
/// <param name="Annotations">For the cross-namespace policy.</param>
public sealed record SecretData(SecretRef Ref, HashMap<string, SecretText> Data, HashMap<string, string> Annotations);
