namespace Kollect.Models;

using global::System.Collections;
using global::System.Collections.Generic;
using global::System.Linq;
using global::System.Runtime.CompilerServices;

/// <summary>An immutable list that compares by content. The default is an empty list. Write one as <c>["a", "b"]</c> or <c>[.. items]</c>.</summary>
/// <typeparam name="T">The type of the items, which are compared by their own equality.</typeparam>
[CollectionBuilder(typeof(ModelCollections), nameof(ModelCollections.List))]
public readonly record struct ModelList<T> : IReadOnlyList<T>
{
    private readonly T[]? items;

    /// <param name="items">Not copied; nobody changes them afterwards.</param>
    internal ModelList(T[] items) => this.items = items;

    /// <summary>The number of items.</summary>
    public int Count => Items.Length;

    /// <summary>True = the list has no items.</summary>
    public bool IsEmpty => Items.Length == 0;

    /// <summary>The item at a position.</summary>
    /// <param name="index">Counts from 0; beyond the end it throws.</param>
    public T this[int index] => Items[index];

    private T[] Items => items ?? [];

    /// <summary>True = both lists have equal items in the same order.</summary>
    /// <param name="other">The other list.</param>
    public bool Equals(ModelList<T> other) => Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new global::System.HashCode();
        foreach (var item in Items)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>The items in their order.</summary>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    /// <summary><c>[a, b]</c></summary>
    public override string ToString() => $"[{string.Join(", ", Items)}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
