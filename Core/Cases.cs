using System.Diagnostics.CodeAnalysis;

namespace Kollect.Core;

/// <summary>Reads Option and Either in statements, where Match would prevent an early return.</summary>
internal static class Cases
{
    /// <summary>False = None.</summary>
    public static bool TrySome<T>(this Option<T> option, [MaybeNullWhen(false)] out T value)
    {
        var (found, content) = option.Match(some => (true, some), () => (false, default(T)!));
        value = content;
        return found;
    }

    /// <summary>False = Left, whose value is in <paramref name="left"/>.</summary>
    public static bool TryRight<L, R>(this Either<L, R> either, [MaybeNullWhen(false)] out R right, [MaybeNullWhen(true)] out L left)
    {
        var (isRight, r, l) = either.Match(some => (true, some, default(L)!), other => (false, default(R)!, other));
        right = r;
        left = l;
        return isRight;
    }
}
