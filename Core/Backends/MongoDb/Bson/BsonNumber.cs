using System.Buffers.Text;

namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>
/// A JSON number in the BSON type that holds its exact value: the smallest integer type, otherwise a double if its shortest text
/// is the same number, otherwise a decimal.
/// </summary>
/// <param name="Type"><see cref="BsonType.Int32"/>, <see cref="BsonType.Int64"/>, <see cref="BsonType.Double"/> or <see cref="BsonType.Decimal128"/>.</param>
/// <param name="Bits">The value in the bit layout of the type.</param>
internal readonly record struct BsonNumber(BsonType Type, UInt128 Bits)
{
    /// <summary>
    /// The number of a JSON literal; None = no type holds it: more than 34 significant digits, or an exponent beyond those of
    /// decimal128.
    /// </summary>
    public static Option<BsonNumber> Of(ReadOnlySpan<byte> literal)
    {
        if (Utf8Parser.TryParse(literal, out long integer, out var read) && read == literal.Length && !(integer == 0 && literal[0] == (byte)'-'))
            return integer is >= int.MinValue and <= int.MaxValue
                ? new BsonNumber(BsonType.Int32, (uint)(int)integer)
                : new BsonNumber(BsonType.Int64, (ulong)integer);
        if (!DecimalNumber.TryParse(literal, out var exact))
            return None;
        if (exact.IsZero || (literal.IndexOfAny(".eE"u8) >= 0 && IsDouble(literal, exact)))
            return new BsonNumber(BsonType.Double, BitConverter.DoubleToUInt64Bits(Double(literal)));
        return exact.ToDecimal128().Map(bits => new BsonNumber(BsonType.Decimal128, bits));
    }

    /// <summary>Writes the number as an element.</summary>
    public void Write(BsonWriter to, ReadOnlySpan<byte> name)
    {
        switch (Type)
        {
            case BsonType.Int32:
                to.Int32(name, (int)(uint)Bits);
                break;
            case BsonType.Int64:
                to.Int64(name, (long)(ulong)Bits);
                break;
            case BsonType.Double:
                to.Double(name, BitConverter.UInt64BitsToDouble((ulong)Bits));
                break;
            default:
                to.Decimal128(name, Bits);
                break;
        }
    }

    private static double Double(ReadOnlySpan<byte> literal) =>
        Utf8Parser.TryParse(literal, out double value, out var read) && read == literal.Length ? value : double.NaN;

    private static bool IsDouble(ReadOnlySpan<byte> literal, in DecimalNumber exact)
    {
        Span<byte> shortest = stackalloc byte[32];
        return double.IsFinite(Double(literal))
               && Utf8Formatter.TryFormat(Double(literal), shortest, out var length)
               && DecimalNumber.TryParse(shortest[..length], out var rounded)
               && rounded == exact;
    }
}

/// <summary>A number as digits and a power of ten, without leading and trailing zeros, so that equal values compare equal.</summary>
internal readonly record struct DecimalNumber(bool Negative, UInt128 Digits, int Exponent)
{
    private const int MaxDigits = 34;
    private const int MinExponent = -6176;
    private const int MaxExponent = 6111;
    private const int Bias = 6176;
    private const int ExponentShift = 113;

    /// <summary>Exponents are clamped to this value; a literal in which more would matter is longer than any payload.</summary>
    private const int Far = 1_000_000_000;

    public bool IsZero => Digits == 0;

    /// <summary>Parses a JSON literal; false = it has more significant digits than decimal128 holds.</summary>
    public static bool TryParse(ReadOnlySpan<byte> literal, out DecimalNumber number)
    {
        var negative = literal[0] == (byte)'-';
        var (digits, count, zeros, fractions, at) = ((UInt128)0, 0, 0, 0, negative ? 1 : 0);
        number = default;
        for (var point = false; at < literal.Length && (literal[at] | 0x20) != 'e'; at++)
        {
            if (literal[at] == (byte)'.')
            {
                point = true;
                continue;
            }

            fractions += point ? 1 : 0;
            if (literal[at] == (byte)'0')
            {
                zeros += digits == 0 ? 0 : 1;
                continue;
            }

            // Zeros count once another digit follows them.
            count += zeros + 1;
            if (count > MaxDigits)
                return false;
            for (; zeros > 0; zeros--)
                digits *= 10;
            digits = (digits * 10) + (uint)(literal[at] - '0');
        }

        if (digits == 0)
            number = new DecimalNumber(negative, 0, 0);
        else
            number = new DecimalNumber(negative, digits, Math.Clamp(ExponentOf(literal[at..]) + zeros - fractions, -Far, Far));
        return true;
    }

    /// <summary>The bits in the binary integer encoding (IEEE 754-2008, 3.5.2); None = the exponent is out of range.</summary>
    public Option<UInt128> ToDecimal128()
    {
        var (digits, exponent) = (Digits, Exponent);
        for (; exponent > MaxExponent && digits < Powers(MaxDigits - 1); exponent--)
            digits *= 10;
        if (exponent is < MinExponent or > MaxExponent)
            return None;
        return ((UInt128)(Negative ? 1u : 0u) << 127) | ((UInt128)(uint)(exponent + Bias) << ExponentShift) | digits;
    }

    private static UInt128 Powers(int exponent)
    {
        UInt128 power = 1;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }

    private static int ExponentOf(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return 0;
        var negative = text[1] == (byte)'-';
        var value = 0;
        foreach (var digit in text[(text[1] is (byte)'-' or (byte)'+' ? 2 : 1)..])
            value = (int)Math.Min(Far, (value * 10L) + (digit - '0'));
        return negative ? -value : value;
    }
}
