using System.Globalization;
using System.Text;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The limits of values that PostgreSQL can store.</summary>
internal sealed class Limits : RowLimits
{
    /// <summary>
    /// 32 MiB, our own limit. A jsonb container holds at most 268,435,455 bytes (JENTRY_OFFLENMASK in jsonb.h), and a text can
    /// grow sixfold in it (<c>1,</c> is 2 bytes of text and 12 of jsonb); and the server's parser holds at most 2^24 elements of
    /// one array (32 bytes each, doubled as needed up to 1 GiB, MaxAllocSize in memutils.h), which take just this much text.
    /// </summary>
    public override int MaxPayloadBytes => 32 << 20;

    /// <summary>Our own limit, far within what <c>max_stack_depth</c> = 2 MB (the default) lets the server parse.</summary>
    public override int MaxDepth => 1_000;

    /// <summary>Most digits before the decimal point (PostgreSQL manual 8.1, table "Numeric Types").</summary>
    public const int MaxIntegerDigits = 131_072;

    /// <summary>Most digits after the decimal point (the same table).</summary>
    public const int MaxFractionDigits = 16_383;

    /// <summary>Largest row of a B-tree index in bytes: BTMaxItemSize for pages of 8 kB, nbtree.h.</summary>
    public const int MaxIndexRowBytes = 2_704;

    /// <summary>The one instance.</summary>
    public static Limits Instance { get; } = new();

    private Limits() { }

    /// <inheritdoc/>
    public override Option<string> ObjectionToNumber(ReadOnlySpan<byte> literal)
    {
        var exponentAt = literal.IndexOfAny((byte)'e', (byte)'E');
        if (exponentAt < 0 && literal.Length <= MaxFractionDigits)
            return None;

        var exponent = exponentAt < 0 ? 0 : Exponent(literal[(exponentAt + 1)..]);
        var mantissa = (exponentAt < 0 ? literal : literal[..exponentAt]).TrimStart((byte)'-');
        var point = mantissa.IndexOf((byte)'.');
        var integers = (point < 0 ? mantissa.Length : point) + exponent;
        var fractions = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        if (integers > MaxIntegerDigits)
            return string.Create(CultureInfo.InvariantCulture, $"holds a number beyond {MaxIntegerDigits:N0} digits before the decimal point");
        if (fractions > MaxFractionDigits)
            return string.Create(CultureInfo.InvariantCulture, $"holds a number beyond {MaxFractionDigits:N0} digits after the decimal point");
        return None;
    }

    /// <summary>Counted without compression, so that it does not depend on the text: an identity is accepted always or never.</summary>
    public override Option<string> ObjectionToIdentity(Scope scope, string targetName, string sourceUid)
    {
        var bytes = IndexRowBytes(scope.InventoryNamespace, scope.InventoryName, targetName, sourceUid);
        return bytes <= MaxIndexRowBytes
            ? None
            : string.Create(
                CultureInfo.InvariantCulture,
                $"has an identity of {bytes:N0} bytes; an index row of PostgreSQL holds {MaxIndexRowBytes:N0}");
    }

    /// <summary>As index_form_tuple lays it out: a header of 8 bytes, short texts with 1 byte before them, longer ones with 4, aligned to 4.</summary>
    internal static int IndexRowBytes(params ReadOnlySpan<string> columns)
    {
        var size = 8;
        foreach (var column in columns)
        {
            var bytes = Encoding.UTF8.GetByteCount(column);
            size = bytes <= 126 ? size + 1 + bytes : Align(size, 4) + 4 + bytes;
        }

        return Align(size, 8);
    }

    private static int Align(int size, int to) => (size + to - 1) / to * to;

    // Beyond nine digits the exact value no longer matters.
    private static int Exponent(ReadOnlySpan<byte> digits)
    {
        var negative = digits[0] == (byte)'-';
        var magnitude = digits.TrimStart("+-"u8).TrimStart((byte)'0');
        var value = magnitude.Length > 9 ? 999_999_999 : magnitude.IsEmpty ? 0 : int.Parse(magnitude, CultureInfo.InvariantCulture);
        return negative ? -value : value;
    }
}
