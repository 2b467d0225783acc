using static Kollect.Core.Collection.Cel.CelValue;
using Duration = Kollect.Core.Collection.Cel.CelValue.Duration;
using List = Kollect.Core.Collection.Cel.CelValue.List;

namespace Kollect.Core.Collection.Cel;

/// <summary>The operators over numbers, texts, lists and times. Null = not defined for these types; an overflow is an error.</summary>
internal static class CelArithmetic
{
    private static readonly Error Overflow = new("the result does not fit into 64 bits");
    private static readonly Error ByZero = new("a division by zero");

    public static CelValue? Negate(CelValue value) => value switch
    {
        Int it => it.Value == long.MinValue ? Overflow : new Int(-it.Value),
        Real it => new Real(-it.Value),
        Duration it => new Duration(-it.Value),
        _ => null,
    };

    public static CelValue? Add(CelValue one, CelValue other, CelBudget budget) => (one, other) switch
    {
        (Int a, Int b) => Whole((Int128)a.Value + b.Value),
        (Uint a, Uint b) => Unsigned((Int128)a.Value + b.Value),
        (Real a, Real b) => new Real(a.Value + b.Value),
        (Text a, Text b) => budget.Make(a.Value.Length + b.Value.Length) ? new Text(a.Value + b.Value) : one,
        (List a, List b) => budget.Make(a.Count + b.Count) ? new List(default, [.. a.Items, .. b.Items]) : one,
        (Bytes a, Bytes b) => budget.Make(a.Value.Count + b.Value.Count) ? new Bytes(Join(a.Value, b.Value).Strict()) : one,
        (Duration a, Duration b) => Time(() => new Duration(a.Value + b.Value)),
        (Timestamp a, Duration b) => Time(() => new Timestamp(a.Value + b.Value)),
        (Duration a, Timestamp b) => Time(() => new Timestamp(b.Value + a.Value)),
        _ => null,
    };

    public static CelValue? Subtract(CelValue one, CelValue other) => (one, other) switch
    {
        (Int a, Int b) => Whole((Int128)a.Value - b.Value),
        (Uint a, Uint b) => Unsigned((Int128)a.Value - b.Value),
        (Real a, Real b) => new Real(a.Value - b.Value),
        (Duration a, Duration b) => Time(() => new Duration(a.Value - b.Value)),
        (Timestamp a, Duration b) => Time(() => new Timestamp(a.Value - b.Value)),
        (Timestamp a, Timestamp b) => Time(() => new Duration(a.Value - b.Value)),
        _ => null,
    };

    public static CelValue? Multiply(CelValue one, CelValue other) => (one, other) switch
    {
        (Int a, Int b) => Whole((Int128)a.Value * b.Value),
        (Uint a, Uint b) => (UInt128)a.Value * b.Value is var product && product <= ulong.MaxValue ? new Uint((ulong)product) : Overflow,
        (Real a, Real b) => new Real(a.Value * b.Value),
        _ => null,
    };

    public static CelValue? Divide(CelValue one, CelValue other) => (one, other) switch
    {
        (Int a, Int b) => b.Value == 0 ? ByZero : Whole((Int128)a.Value / b.Value),
        (Uint a, Uint b) => b.Value == 0 ? ByZero : new Uint(a.Value / b.Value),
        (Real a, Real b) => new Real(a.Value / b.Value),
        _ => null,
    };

    public static CelValue? Remainder(CelValue one, CelValue other) => (one, other) switch
    {
        (Int a, Int b) => b.Value == 0 ? ByZero : Whole((Int128)a.Value % b.Value),
        (Uint a, Uint b) => b.Value == 0 ? ByZero : new Uint(a.Value % b.Value),
        _ => null,
    };

    private static CelValue Whole(Int128 value) => value >= long.MinValue && value <= long.MaxValue ? new Int((long)value) : Overflow;

    private static CelValue Unsigned(Int128 value) => value >= 0 && value <= ulong.MaxValue ? new Uint((ulong)value) : Overflow;

    private static CelValue Time(Func<CelValue> of)
    {
        try
        {
            return of();
        }
        catch (Exception beyond) when (beyond is OverflowException or ArgumentOutOfRangeException)
        {
            return new Error("the time is out of range");
        }
    }
}
