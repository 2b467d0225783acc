using System.Globalization;
using Kollect.Core.Formatting;

namespace Kollect.Core.Snapshots;

/// <summary>The name of an element in messages; it is formatted only for the few elements that are rejected or skipped.</summary>
/// <param name="Kind">Null = unknown.</param>
/// <param name="Namespace">Null or empty = cluster-scoped or unknown.</param>
/// <param name="Name">Null or empty = unknown.</param>
/// <param name="Uid">Null or empty = unknown.</param>
/// <param name="Number">The position of the element, from 1; it identifies an element without a name.</param>
internal readonly record struct ItemLabel(string? Kind, string? Namespace, string? Name, string? Uid, long Number)
{
    private const int MaxCharacters = 120;

    /// <summary><c>Deployment shop/web (uid 661bcfc1-…)</c> or <c>item 17</c>; one line of at most some 250 characters.</summary>
    public override string ToString()
    {
        if (string.IsNullOrEmpty(Name) && string.IsNullOrEmpty(Uid))
            return string.Create(CultureInfo.InvariantCulture, $"item {Number}");
        var qualified = string.IsNullOrEmpty(Namespace) ? Name : $"{Namespace}/{Name}";
        return Shorten($"{Kind ?? "item"} {qualified}".TrimEnd()) + (Uid is null ? "" : $" (uid {Shorten(Uid)})");
    }

    private static string Shorten(string text)
    {
        return Shown.Plain(Shown.Cut(text, MaxCharacters + 1));
    }
}
