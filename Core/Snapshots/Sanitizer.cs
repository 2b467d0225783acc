using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Kollect.Core.Snapshots;

/// <summary>
/// Replaces characters that jsonb and BSON cannot store by U+FFFD: the escape <c>\u0000</c>, escapes of lone surrogates, and bytes that
/// are not UTF-8.
/// </summary>
internal static class Sanitizer
{
    private static ReadOnlySpan<byte> EscapedReplacement => "\\ufffd"u8;

    /// <summary>Returns the same memory if nothing is replaced, and the number of replaced characters.</summary>
    /// <param name="json">Valid JSON: every backslash is within a string.</param>
    public static (ReadOnlyMemory<byte> Json, int Replaced) Clean(ReadOnlyMemory<byte> json)
    {
        var (valid, invalidBytes) = Utf8.IsValid(json.Span) ? (json, 0) : Decode(json.Span);
        var (clean, escapes) = CleanEscapes(valid);
        return (clean, invalidBytes + escapes);
    }

    private static (ReadOnlyMemory<byte>, int) CleanEscapes(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\\u"u8) < 0)
            return (json, 0);

        byte[]? copy = null;
        var replaced = 0;
        var text = json.Span;
        for (var at = text.IndexOf((byte)'\\'); at < text.Length; at = Next(text, at))
        {
            var length = EscapeLength(text, at, out var storable);
            if (!storable)
            {
                copy ??= text.ToArray();
                EscapedReplacement.CopyTo(copy.AsSpan(at));
                replaced++;
            }

            at += length;
        }

        return (copy ?? json, replaced);
    }

    private static int Next(ReadOnlySpan<byte> text, int from) => text[from..].IndexOf((byte)'\\') switch
    {
        < 0 => text.Length,
        var distance => from + distance,
    };

    /// <summary>The length in bytes of the escape at <paramref name="at"/>; a surrogate pair counts as one escape.</summary>
    private static int EscapeLength(ReadOnlySpan<byte> text, int at, out bool storable)
    {
        storable = true;
        if (text[at + 1] != (byte)'u')
            return 2;
        var unit = CodeUnit(text, at);
        if (char.IsHighSurrogate(unit) && text[(at + 6)..].StartsWith("\\u"u8) && char.IsLowSurrogate(CodeUnit(text, at + 6)))
            return 12;
        storable = unit != '\0' && !char.IsSurrogate(unit);
        return 6;
    }

    private static char CodeUnit(ReadOnlySpan<byte> text, int escape) =>
        (char)((Hex(text[escape + 2]) << 12) | (Hex(text[escape + 3]) << 8) | (Hex(text[escape + 4]) << 4) | Hex(text[escape + 5]));

    private static int Hex(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static (ReadOnlyMemory<byte>, int) Decode(ReadOnlySpan<byte> bytes)
    {
        var clean = new ArrayBufferWriter<byte>(bytes.Length + 64);
        var replaced = 0;
        while (!bytes.IsEmpty)
        {
            // A failed decoding returns Rune.ReplacementChar.
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) != OperationStatus.Done)
                replaced++;
            clean.Advance(rune.EncodeToUtf8(clean.GetSpan(4)));
            bytes = bytes[consumed..];
        }

        return (clean.WrittenMemory, replaced);
    }
}
