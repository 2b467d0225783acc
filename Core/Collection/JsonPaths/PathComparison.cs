using System.Diagnostics;
using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>
/// Compares two values: numbers by value, texts by their characters. Objects and lists are equal to no value, not even to themselves.
/// </summary>
internal static class PathComparison
{
    public static bool Holds(JsonElement left, Comparison comparison, JsonElement right) => comparison switch
    {
        Comparison.Equal => IsEqual(left, right),
        Comparison.NotEqual => !IsEqual(left, right),
        Comparison.AtMost => Order(left, right) <= 0,
        Comparison.AtLeast => Order(left, right) >= 0,
        Comparison.Less => Order(left, right) < 0,
        Comparison.Greater => Order(left, right) > 0,
        _ => throw new UnreachableException(),
    };

    // JsonElement.DeepEquals throws for an exponent above 32 bits.
    private static bool IsEqual(JsonElement left, JsonElement right) => left.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => left.ValueKind == right.ValueKind,
        _ => Order(left, right) == 0,
    };

    /// <summary>Null = the values have no order. Numbers beyond decimal's 28 digits are compared as 64-bit floating point.</summary>
    private static int? Order(JsonElement left, JsonElement right) => (left.ValueKind, right.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(left.GetString(), right.GetString()),
        (JsonValueKind.Number, JsonValueKind.Number) when left.TryGetDecimal(out var one) && right.TryGetDecimal(out var other) => one.CompareTo(other),
        (JsonValueKind.Number, JsonValueKind.Number) => left.GetDouble().CompareTo(right.GetDouble()),
        _ => null,
    };
}
