using System.Diagnostics.CodeAnalysis;

namespace Kollect.Shell.Backends;

/// <summary>Either ends where await begins: straight code takes it apart.</summary>
internal static class Eithers
{
    /// <summary>False = Left, and only <paramref name="left"/> has a value.</summary>
    public static bool TryRight<TLeft, TRight>(
        this Either<TLeft, TRight> either, [MaybeNullWhen(false)] out TRight right, [MaybeNullWhen(true)] out TLeft left)
    {
        (right, left) = either.Match<(TRight?, TLeft?)>(it => (it, default), it => (default, it));
        return either.IsRight;
    }
}
