namespace Kollect.Core;

/// <summary>
/// Joins sequences. LanguageExt 3.4.13 loses elements when a lazy sequence that was itself joined is joined again
/// (<c>lazy + lazy + strict</c>), so <c>+</c> on Seq is banned and this stands in for it.
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
}
