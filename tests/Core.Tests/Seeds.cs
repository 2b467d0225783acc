using FsCheck;
using FsCheck.Fluent;

namespace Kollect.Core.Tests;

/// <summary>Seeds for <see cref="System.Random"/>. A seed does not shrink: a smaller one is another world, not a smaller one.</summary>
internal static class Seeds
{
    public static Arbitrary<int> OfRandom() => Arb.From(Gen.Choose(0, int.MaxValue - 1));
}
