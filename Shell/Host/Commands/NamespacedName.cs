using System.Diagnostics.CodeAnalysis;

namespace Kollect.Host.Commands;

/// <summary><c>NAMESPACE/NAME</c>, the value of <c>--inventory</c> and <c>--sink</c>.</summary>
internal sealed record NamespacedName(string Namespace, string Name)
{
    /// <summary>Parses text with exactly one slash and a part on both sides.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NamespacedName? name)
    {
        name = text.Split('/') is [{ Length: > 0 } ns, { Length: > 0 } rest] ? new NamespacedName(ns, rest) : null;
        return name is not null;
    }

    /// <summary><c>platform/all</c></summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
