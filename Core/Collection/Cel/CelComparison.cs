namespace Kollect.Core.Collection.Cel;

/// <summary>Equality and order of values. Numbers of different types are compared by value; other values of different types are unequal.</summary>
internal static class CelComparison
{
    /// <summary>True = the values are equal.</summary>
    /// <param name="budget">Null = the values are keys, which are small.</param>
    public static bool IsEqual(CelValue one, CelValue other, CelBudget? budget)
    {
        if (budget?.Visit(1) == false)
            return false;
        return (one, other) switch
        {
            (CelValue.Null, CelValue.Null) => true,
            (CelValue.Truth a, CelValue.Truth b) => a.Value == b.Value,
            (CelValue.Text a, CelValue.Text b) => budget?.Read(a.Value.Length) != false && string.Equals(a.Value, b.Value, StringComparison.Ordinal),
            (CelValue.Bytes a, CelValue.Bytes b) => a.Value == b.Value,
            (CelValue.OfType a, CelValue.OfType b) => a.Name == b.Name,
            (CelValue.Duration a, CelValue.Duration b) => a.Value == b.Value,
            (CelValue.Timestamp a, CelValue.Timestamp b) => a.Value == b.Value,
            (CelValue.List a, CelValue.List b) =>
                a.Count == b.Count && a.Items.Zip(b.Items).All(it => IsEqual(it.Item1, it.Item2, budget)),
            (CelValue.Map a, CelValue.Map b) => a.Count == b.Count
                && a.Keys.All(key => budget?.Visit(1 + (b.Count / 16)) != false
                    && b.Find(key) is { } theirs && a.Find(key) is { } ours && IsEqual(ours, theirs, budget)),
            _ => IsNumber(one) && IsNumber(other) && Order(one, other) == 0,
        };
    }

    /// <summary>Negative = the first is less; null = the values have no order.</summary>
    public static int? Order(CelValue one, CelValue other) => (one, other) switch
    {
        (CelValue.Int a, CelValue.Int b) => a.Value.CompareTo(b.Value),
        (CelValue.Uint a, CelValue.Uint b) => a.Value.CompareTo(b.Value),
        (CelValue.Int a, CelValue.Uint b) => a.Value < 0 ? -1 : ((ulong)a.Value).CompareTo(b.Value),
        (CelValue.Uint a, CelValue.Int b) => b.Value < 0 ? 1 : a.Value.CompareTo((ulong)b.Value),
        (CelValue.Truth a, CelValue.Truth b) => a.Value.CompareTo(b.Value),
        (CelValue.Text a, CelValue.Text b) => string.CompareOrdinal(a.Value, b.Value),
        (CelValue.Duration a, CelValue.Duration b) => a.Value.CompareTo(b.Value),
        (CelValue.Timestamp a, CelValue.Timestamp b) => a.Value.CompareTo(b.Value),
        _ when IsNumber(one) && IsNumber(other) && (Real(one), Real(other)) is var (a, b) && !double.IsNaN(a) && !double.IsNaN(b) => a.CompareTo(b),
        _ => null,
    };

    /// <summary>The whole number that a number is; null = it is none.</summary>
    public static long? Whole(CelValue value) => value switch
    {
        CelValue.Int it => it.Value,
        CelValue.Uint it when it.Value <= long.MaxValue => (long)it.Value,
        CelValue.Real it when double.IsInteger(it.Value) && Math.Abs(it.Value) <= 1L << 53 => (long)it.Value,
        _ => null,
    };

    private static bool IsNumber(CelValue value) => value is CelValue.Int or CelValue.Uint or CelValue.Real;

    private static double Real(CelValue value) => value switch
    {
        CelValue.Int it => it.Value,
        CelValue.Uint it => it.Value,
        CelValue.Real it => it.Value,
        _ => double.NaN,
    };
}
