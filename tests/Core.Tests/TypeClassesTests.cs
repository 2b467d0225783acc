using System.Diagnostics.CodeAnalysis;
using Kollect.Host;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Tests;

/// <summary>LanguageExt's values compare by content without its search for type classes; see <see cref="TypeClasses"/>.</summary>
[SuppressMessage("Assertions", "xUnit2024", Justification = "the operators are what is tested")]
public sealed class TypeClassesTests
{
    [Fact]
    public void Nothing_was_searched()
    {
        Assert.Equal([typeof(EqArray<>)], ClassInstancesAssembly.Default.AllClassInstances);
        Assert.Null(EqClass<One>.Error.MatchUnsafe<LanguageExt.Common.Error?>(error => error, () => null));
    }

    [Fact]
    public void Nested_values_are_equal_by_content()
    {
        Same(Some(new One("a", Seq(Some(1), Some(2)))), Some(new One("a", Seq(Some(1), Some(2)))));
        Same(Seq1(HashMap(("a", Seq1(1)))), Seq1(HashMap(("a", Seq1(1)))));
        Same(Some(Right<string, Seq<int>>(Seq(1, 2))), Some(Right<string, Seq<int>>(Seq(1, 2))));
        Same(Seq(("a", DateTimeOffset.UnixEpoch), ("b", DateTimeOffset.UnixEpoch)), Seq(("a", DateTimeOffset.UnixEpoch), ("b", DateTimeOffset.UnixEpoch)));
        Assert.Equal(Some(new byte[] { 1, 2 }), Some(new byte[] { 1, 2 }));
    }

    [Fact]
    public void Nested_values_differ_by_content()
    {
        Assert.NotEqual(Some(new One("a", Seq1(Some(1)))), Some(new One("a", Seq1(Some(2)))));
        Assert.NotEqual(HashMap(("a", Seq1(1))), HashMap(("a", Seq1(2))));
        Assert.NotEqual(Some("a"), Some("A"));
        Assert.NotEqual(Some(new byte[] { 1, 2 }), Some(new byte[] { 1, 3 }));
    }

    private static void Same<T>(T one, T other)
        where T : IEquatable<T>
    {
        Assert.True(one.Equals(other));
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
    }

    private sealed record One(string Text, Seq<Option<int>> Numbers);
}
