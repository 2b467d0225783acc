using Kollect.Models;
using LanguageExt.ClassInstances;

namespace Kollect.Core;

/// <summary>
/// Sequences in an order of their own. <see cref="Join"/> joins them in place of <c>+</c>, which is banned for Seq: in LanguageExt 4.4.9 the sum with a
/// lazy sequence stays a chain of its parts, even where they are empty and after <c>Strict()</c>, so that state to which each reconcile adds nothing
/// grows for ever.
/// </summary>
internal static class Sequences
{
    /// <summary>All elements in order.</summary>
    public static Seq<T> Join<T>(params ReadOnlySpan<Seq<T>> parts)
    {
        var all = new List<T>();
        foreach (var part in parts)
            all.AddRange(part);
        return all.ToArray().ToSeq();
    }

    /// <summary>The items of a model's list, in their order.</summary>
    public static Seq<T> ToSeq<T>(this ModelList<T> items) => items.ToArray().ToSeq();

    /// <summary>The entries of a model's map.</summary>
    public static Map<OrdStringOrdinal, string, T> ToMap<T>(this ModelMap<T> entries) =>
        LanguageExt.Map<OrdStringOrdinal, string, T>.Empty.AddRange(entries.Select(entry => (entry.Key, entry.Value)));

    /// <summary>The value of a key of a model's map; None = there is none.</summary>
    public static Option<T> Find<T>(this ModelMap<T> entries, string key) => entries.TryGetValue(key, out var value) ? Some(value) : None;

    /// <summary>The first item of each group, then the second of each, and so on; otherwise in the order of the items.</summary>
    public static IEnumerable<T> InTurn<T>(this IEnumerable<T> items, Func<T, string> group) =>
        items.GroupBy(group, StringComparer.Ordinal).SelectMany(of => of.Index()).OrderBy(it => it.Index).Select(it => it.Item);
}
