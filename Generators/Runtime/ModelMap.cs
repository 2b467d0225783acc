namespace Kollect.Models;

using global::System;
using global::System.Collections;
using global::System.Collections.Generic;
using global::System.Collections.Immutable;
using global::System.Linq;
using global::System.Runtime.CompilerServices;

/// <summary>
/// An immutable map with text keys, which are compared and ordered by their UTF-16 code units. It compares by content. The default is an empty map.
/// Write one as <c>[new("app", "web"), .. others]</c>; of equal keys the last one counts.
/// </summary>
/// <typeparam name="T">The type of the values, which are compared by their own equality.</typeparam>
[CollectionBuilder(typeof(ModelCollections), nameof(ModelCollections.Map))]
public readonly record struct ModelMap<T> : IReadOnlyDictionary<string, T>
{
    private static readonly ImmutableSortedDictionary<string, T> None = ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);

    private readonly ImmutableSortedDictionary<string, T>? entries;

    private ModelMap(ImmutableSortedDictionary<string, T> entries) => this.entries = entries;

    /// <summary>The number of entries.</summary>
    public int Count => Entries.Count;

    /// <summary>True = the map has no entries.</summary>
    public bool IsEmpty => Entries.IsEmpty;

    /// <summary>The keys in ordinal order.</summary>
    public IEnumerable<string> Keys => Entries.Keys;

    /// <summary>The values, in the order of their keys.</summary>
    public IEnumerable<T> Values => Entries.Values;

    /// <summary>The value of a key; it throws where there is none.</summary>
    /// <param name="key">The key.</param>
    public T this[string key] => Entries[key];

    private ImmutableSortedDictionary<string, T> Entries => entries ?? None;

    /// <summary>True = the map has the key.</summary>
    /// <param name="key">The key.</param>
    public bool ContainsKey(string key) => Entries.ContainsKey(key);

    /// <summary>True = the map has the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value; without one, the default of the type.</param>
    public bool TryGetValue(string key, out T value) => Entries.TryGetValue(key, out value!);

    /// <summary>This map with one entry more, or with another value for its key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    public ModelMap<T> With(string key, T value) => new(Entries.SetItem(key, value));

    /// <summary>True = both maps have equal keys and values.</summary>
    /// <param name="other">The other map.</param>
    public bool Equals(ModelMap<T> other) => Count == other.Count && Keys.SequenceEqual(other.Keys) && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var entry in Entries)
        {
            hash.Add(entry.Key);
            hash.Add(entry.Value);
        }

        return hash.ToHashCode();
    }

    /// <summary>The entries in ordinal order of their keys.</summary>
    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => Entries.GetEnumerator();

    /// <summary><c>[a: 1, b: 2]</c></summary>
    public override string ToString() => $"[{string.Join(", ", Entries.Select(entry => $"{entry.Key}: {entry.Value}"))}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static ModelMap<T> Of(ReadOnlySpan<KeyValuePair<string, T>> entries)
    {
        var map = None.ToBuilder();
        for (var i = 0; i < entries.Length; i++) // C# 12 has no foreach over a span of .NET 9 or later
            map[entries[i].Key] = entries[i].Value;
        return new ModelMap<T>(map.ToImmutable());
    }
}
