using System.Diagnostics.CodeAnalysis;

namespace Kollect.Core;

/// <summary>Option and Either in loops, where a Match would hide the early return.</summary>
internal static class Cases
{
    /// <summary>False = None.</summary>
    public static bool TrySome<T>(this Option<T> option, [MaybeNullWhen(false)] out T value)
    {
        var (found, content) = option.Match(some => (true, some), () => (false, default(T)!));
        value = content;
        return found;
    }

    /// <summary>False = Left, then <paramref name="left"/> says why.</summary>
    public static bool TryRight<L, R>(this Either<L, R> either, [MaybeNullWhen(false)] out R right, [MaybeNullWhen(true)] out L left)
    {
        var (isRight, r, l) = either.Match(some => (true, some, default(L)!), why => (false, default(R)!, why));
        right = r;
        left = l;
        return isRight;
    }
}
