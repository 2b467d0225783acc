using System.Diagnostics;
using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>Compares two values: numbers by their value, text by its characters.</summary>
internal static class PathComparison
{
    public static bool Holds(JsonElement left, Comparison comparison, JsonElement right) => comparison switch
    {
        Comparison.Equal => JsonElement.DeepEquals(left, right) || Order(left, right) == 0,
        Comparison.NotEqual => !Holds(left, Comparison.Equal, right),
        Comparison.AtMost => Order(left, right) <= 0,
        Comparison.AtLeast => Order(left, right) >= 0,
        Comparison.Less => Order(left, right) < 0,
        Comparison.Greater => Order(left, right) > 0,
        _ => throw new UnreachableException(),
    };

    /// <summary>Null = they have no order.</summary>
    private static int? Order(JsonElement left, JsonElement right) => (left.ValueKind, right.ValueKind) switch
    {
        (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(left.GetString(), right.GetString()),
        (JsonValueKind.Number, JsonValueKind.Number) when left.TryGetDecimal(out var one) && right.TryGetDecimal(out var other) => one.CompareTo(other),
        (JsonValueKind.Number, JsonValueKind.Number) => left.GetDouble().CompareTo(right.GetDouble()),
        _ => null,
    };
}
