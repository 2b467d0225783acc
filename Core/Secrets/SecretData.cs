namespace Kollect.Core.Secrets;

/// <summary>The name of a Secret. The namespace is never empty: without one in the manifest it is the sink's.</summary>
public sealed record SecretRef(string Namespace, string Name);

/// <summary>The content of a Secret; keys in ordinal order.</summary>
/// <param name="Data">Values, decoded from base64.</param>
/// <param name="Annotations">For the cross-namespace policy.</param>
public sealed record SecretData(SecretRef Ref, HashMap<string, SecretText> Data, HashMap<string, string> Annotations)
{
    /// <summary>Keys whose bytes are no UTF-8 text, and what they are instead (<see cref="SecretEncoding"/>): a keystore, or a text in UTF-16.</summary>
    public HashMap<string, string> NotText { get; init; } = HashMap<string, string>();

    /// <summary>The names of all keys in ordinal order, for messages.</summary>
    internal string Keys => Data.Keys.Concat(NotText.Keys).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } keys
        ? "it has " + string.Join(", ", keys.Select(SecretKeys.Shown).Distinct())
        : "it has no key";
}
