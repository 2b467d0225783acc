namespace Kollect.Core.Secrets;

/// <summary>The name of a Secret. The namespace is never empty: without one in the manifest it is the sink's.</summary>
internal sealed record SecretRef(string Namespace, string Name);

/// <summary>The content of a Secret. It prints nothing of its values.</summary>
public sealed record SecretData
{
    /// <param name="data">Values, decoded from base64; in ordinal order of their keys.</param>
    /// <param name="annotations">For the cross-namespace policy.</param>
    internal SecretData(SecretRef name, HashMap<string, SecretText> data, HashMap<string, string> annotations) =>
        (Ref, Data, Annotations) = (name, data, annotations);

    internal SecretRef Ref { get; init; }

    internal HashMap<string, SecretText> Data { get; init; }

    internal HashMap<string, string> Annotations { get; init; }

    /// <summary>The content as the API server gives it in <c>data</c>, decoded from base64.</summary>
    /// <param name="data">May hold keys that no sink names, and bytes that are no text.</param>
    public static SecretData Of(string @namespace, string name, IReadOnlyDictionary<string, byte[]> data)
    {
        var read = data.Select(it => (it.Key, Text: SecretEncoding.Read(it.Value))).ToArray();
        return new SecretData(
            new SecretRef(@namespace, name),
            toHashMap(read.SelectMany(it => it.Text.RightAsEnumerable().Select(text => (it.Key, new SecretText(text))))),
            HashMap<string, string>())
        {
            NotText = toHashMap(read.SelectMany(it => it.Text.LeftAsEnumerable().Select(why => (it.Key, why)))),
        };
    }

    /// <summary>The content as text, as in <c>stringData</c> of a manifest.</summary>
    /// <param name="values">May hold keys that no sink names.</param>
    public static SecretData Of(string @namespace, string name, IReadOnlyDictionary<string, string> values) => new(
        new SecretRef(@namespace, name), toHashMap(values.Select(it => (it.Key, new SecretText(it.Value)))), HashMap<string, string>());

    /// <summary>Keys whose bytes are no UTF-8 text, and what they are instead (<see cref="SecretEncoding"/>): a keystore, or a text in UTF-16.</summary>
    internal HashMap<string, string> NotText { get; init; } = HashMap<string, string>();

    /// <summary>The names of all keys in ordinal order, for messages.</summary>
    internal string Keys => Data.Keys.Concat(NotText.Keys).Order(StringComparer.Ordinal).ToArray() is { Length: > 0 } keys
        ? "it has " + string.Join(", ", keys.Select(SecretKeys.Shown).Distinct())
        : "it has no key";
}
