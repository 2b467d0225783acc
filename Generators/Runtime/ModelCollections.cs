namespace Kollect.Models;

using global::System;
using global::System.Collections.Generic;

/// <summary>Makes lists and maps of models. The compiler calls it for <c>[…]</c>.</summary>
public static class ModelCollections
{
    /// <summary>A list of these items.</summary>
    /// <param name="items">Copied.</param>
    /// <typeparam name="T">The type of the items.</typeparam>
    public static ModelList<T> List<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    /// <summary>A map of these entries.</summary>
    /// <param name="entries">In any order; of equal keys the last one counts.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    public static ModelMap<T> Map<T>(ReadOnlySpan<KeyValuePair<string, T>> entries) => ModelMap<T>.Of(entries);
}
