namespace Kollect.Core;

/// <summary>
/// Joins sequences in place of <c>+</c>, which is banned for Seq: LanguageExt 3.4.13 loses elements when the result of joining a lazy
/// sequence is joined again (<c>lazy + lazy + strict</c>).
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
