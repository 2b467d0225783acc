using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Secrets;

namespace Kollect.Core.Tests.Secrets;

/// <summary>Secrets for tests, and generators of texts in them.</summary>
internal static class Some
{
    public static SecretRef Reference { get; } = new("kollect-system", "inventory-postgres-dsn");

    public static SecretData Secret(params (string Key, string Value)[] data) =>
        new(Reference, data.Aggregate(LanguageExt.HashMap<string, SecretText>.Empty, (map, item) => map.AddOrUpdate(item.Key, new SecretText(item.Value))), []);

    /// <summary>Texts that a protocol can transport: not empty, without NUL and lone surrogates.</summary>
    public static Gen<string> Text { get; } =
        Gen.OneOf(
            Gen.Elements(
                "a", "Z", "9", " ", "'", "\"", "\\", ";", "=", "@", "/", ":", "?", "#", "%", "&", ",", "[", "]", "\n", "\t",
                "é", "漢", "😀", "\u00A0", "+", "`"),
            Gen.Choose(33, 126).Select(c => ((char)c).ToString()))
        .NonEmptyListOf().Select(pieces => string.Concat(pieces));

    /// <summary>Printable ASCII, 16 characters: no other text contains such a password by chance.</summary>
    public static Gen<string> Password { get; } =
        Gen.Choose(33, 126).Select(c => (char)c).ListOf(12).Select(chars => "q7" + string.Concat(chars) + "Zx");
}
