using System.Globalization;
using System.Numerics;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Kollect.Core.Tests.Backends.MongoDb;

/// <summary>A JSON text, and the same JSON with only the last of equal names and without escapes.</summary>
public sealed record SomeJson(string Text, string Meaning)
{
    private static readonly string[] Names =
        ["", "$", "$set", "$oid", ".", "a.b", "a", "b", "0", "é", "🦊", "ﷺ", "__proto__", "name with \"quotes\" and \\", "\u0001\u2028"];

    /// <summary>Number literals: up to 40 digits, with and without fraction and exponent.</summary>
    public static Gen<string> Numbers { get; } = Gen.Frequency(
        (4, Gen.Choose(-1_000_000, 1_000_000).Select(number => number.ToString(CultureInfo.InvariantCulture))),
        (1, Gen.Elements(
            "0", "-0", "-0.0", "0e99999999999", "0.1", "1.0", "1e2", "5e-324", "4.9e-324", "1e400", "1e-400", "2147483648", "-2147483648",
            "9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1.7976931348623157e308", "1.7976931348623159e308",
            "1e6144", "1e-6176", "10e-6177", "0.00001e6149", "9999999999999999999999999999999999e6111", "-9999999999999999999999999999999999000")),
        (4, from sign in Gen.Elements("", "-")
            from whole in Digits(40)
            from fraction in Gen.Frequency((1, Gen.Constant("")), (2, Digits(40).Select(digits => "." + digits)))
            from exponent in Gen.Frequency(
                (2, Gen.Constant("")),
                (1, from letter in Gen.Elements("e", "E", "e+", "e-", "E-0") from power in Gen.Choose(0, 40) select letter + power),
                (1, from letter in Gen.Elements("e", "e-") from power in Gen.Choose(300, 6_200) select letter + power))
            select sign + (whole.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0") + fraction + exponent));

    /// <summary>Objects whose numbers MongoDB can store.</summary>
    public static Arbitrary<SomeJson> Objects() => Gen.Sized(size => Object(Math.Min(size, 12))).ToArbitrary();

    /// <summary>Digits and power of ten of a literal, without zeros at the end of the digits.</summary>
    public static (BigInteger Digits, BigInteger Exponent) ValueOf(string literal)
    {
        var (mantissa, exponent) = literal.Split('e', 'E') is [var before, var after]
            ? (before, BigInteger.Parse(after, CultureInfo.InvariantCulture))
            : (literal, 0);
        if (mantissa.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point)
            (mantissa, exponent) = (mantissa.Remove(point, 1), exponent - (mantissa.Length - point - 1));
        var digits = BigInteger.Parse(mantissa, CultureInfo.InvariantCulture);
        if (digits.IsZero)
            return (0, 0);
        for (; digits % 10 == 0; exponent++)
            digits /= 10;
        return (digits, exponent);
    }

    /// <summary>True if decimal128 holds the value. That includes every shortest text of a double: a decimal has more digits and exponents.</summary>
    public static bool IsDecimal128(string literal)
    {
        var (digits, exponent) = ValueOf(literal);
        var length = BigInteger.Abs(digits).ToString(CultureInfo.InvariantCulture).Length;
        return digits.IsZero || (length <= 34 && exponent >= -6176 && exponent + length <= 6145);
    }

    private static Gen<SomeJson> Value(int size) => size <= 0
        ? Scalar()
        : Gen.Frequency((3, Scalar()), (2, Object(size / 2)), (1, Array(size / 2)));

    private static Gen<SomeJson> Scalar() => Gen.Frequency(
        // JsonElement.DeepEquals does not accept every exponent of a zero.
        (2, Numbers.Where(IsDecimal128).Select(number => new SomeJson(number, ValueOf(number).Digits.IsZero ? "0" : number))),
        (2, Texts()),
        (1, Gen.Elements("true", "false", "null", "{}", "[]").Select(text => new SomeJson(text, text))));

    private static string Escaped(string text) => $"\"{string.Concat(text.Select(c => $"\\u{(int)c:x4}"))}\"";

    // Plain and escaped, so that equal names differ in their text.
    private static Gen<SomeJson> Texts() =>
        from text in Gen.Frequency((2, Gen.Elements(Names)), (1, Gen.Choose(0, 40).Select(number => $"k{number}")))
        from escaped in Gen.Elements(true, false)
        let plain = JsonSerializer.Serialize(text, Relaxed)
        select new SomeJson(escaped ? Escaped(text) : plain, plain);

    private static Gen<SomeJson> Object(int size) =>
        from count in Gen.Frequency((3, Gen.Choose(0, 5)), (1, Gen.Choose(0, 60)))
        from members in Texts().Zip(Value(size - 1)).ListOf(count)
        select new SomeJson(Braced(members.Select(member => $"{member.Item1.Text}:{member.Item2.Text}")), Braced(LastOfEachName(members)));

    private static IEnumerable<string> LastOfEachName(IEnumerable<(SomeJson Name, SomeJson Value)> members) =>
        members.GroupBy(member => member.Name.Meaning).Select(same => $"{same.Key}:{same.Last().Value.Meaning}");

    private static string Braced(IEnumerable<string> members) => $"{{{string.Join(',', members)}}}";

    private static Gen<SomeJson> Array(int size) =>
        from count in Gen.Choose(0, 12)
        from items in Value(size - 1).ListOf(count)
        select new SomeJson($"[{string.Join(',', items.Select(item => item.Text))}]", $"[{string.Join(',', items.Select(item => item.Meaning))}]");

    // Zeros are frequent, because the exactness depends on them.
    private static Gen<string> Digits(int most) =>
        from count in Gen.Choose(1, most)
        from digits in Gen.Frequency((1, Gen.Constant('0')), (1, Gen.Choose('0', '9').Select(digit => (char)digit))).ListOf(count)
        select string.Concat(digits);

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
