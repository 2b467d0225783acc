namespace Kollect.Core;

/// <summary>
/// Sequences in an order of their own. <see cref="Join"/> joins them in place of <c>+</c>, which is banned for Seq: in LanguageExt 4.4.9 the sum with a
/// lazy sequence stays a chain of its parts, even where they are empty and after <c>Strict()</c>, so that state to which each reconcile adds nothing
/// grows for ever.
/// </summary>
public static class Sequences
{
    /// <summary>All elements in order.</summary>
    public static Seq<T> Join<T>(params ReadOnlySpan<Seq<T>> parts)
    {
        var all = new List<T>();
        foreach (var part in parts)
            all.AddRange(part);
        return all.ToArray().ToSeq();
    }

    /// <summary>The first item of each group, then the second of each, and so on; otherwise in the order of the items.</summary>
    public static IEnumerable<T> InTurn<T>(this IEnumerable<T> items, Func<T, string> group) =>
        items.GroupBy(group, StringComparer.Ordinal).SelectMany(of => of.Index()).OrderBy(it => it.Index).Select(it => it.Item);
}
