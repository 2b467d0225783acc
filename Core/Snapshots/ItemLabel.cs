using System.Globalization;

namespace Kollect.Core.Snapshots;

/// <summary>Names an element to a person; the text is made only for the few that are rejected or skipped.</summary>
/// <param name="Kind">Null = not said.</param>
/// <param name="Namespace">Null or empty = cluster-scoped or not said.</param>
/// <param name="Name">Null or empty = not said.</param>
/// <param name="Uid">Null or empty = not said.</param>
/// <param name="Number">Counts elements from 1: the name of those without any other.</param>
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
        var printable = string.Concat(text.Take(MaxCharacters).Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return text.Length <= MaxCharacters ? printable : printable + "…";
    }
}
