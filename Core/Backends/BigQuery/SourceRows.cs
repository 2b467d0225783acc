using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// The rows of a snapshot on their way into a request, as long as they fit into one; afterwards as lines of a load job. Remembers
/// some 40 bytes for each identity.
/// </summary>
public sealed class SourceRows
{
    /// <summary>Bytes of names and braces around one row in the array parameter.</summary>
    internal const int RowOverhead = 100;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly System.Collections.Generic.HashSet<UInt128> seen = [];
    private readonly Dictionary<UInt128, int> held = [];
    private readonly List<Piece?> pieces = [];
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 16);
    private readonly Utf8JsonWriter json;
    private long bytes;

    /// <summary>Where the JSON strings of a row lie, in order, one after the other.</summary>
    private readonly record struct Piece(long Position, int Start, int Target, int Uid, int Namespace, int Payload)
    {
        public int Length => Target + Uid + Namespace + Payload;
    }

    /// <summary>Empty.</summary>
    public SourceRows() => json = new Utf8JsonWriter(buffer, Relaxed);

    /// <summary>Items overruled by a later one of the same identity.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Different identities that are to be written.</summary>
    public long Distinct => seen.Count;

    /// <summary>Rows that were added, duplicates and kept ones included.</summary>
    public long Added { get; private set; }

    /// <summary>Position of the last row that is to be written; -1 = there is none.</summary>
    public long Last { get; private set; } = -1;

    /// <summary>Bytes of the array parameter that holds the rows which were not taken yet.</summary>
    public long ParameterBytes => bytes;

    /// <summary>A row to write; its memory is not needed afterwards.</summary>
    public void Add(Row row)
    {
        var fingerprint = IdentityFingerprint.Of(row.TargetName, row.SourceUid);
        if (!seen.Add(fingerprint))
            Duplicates++;
        Last = Added;
        Hold(fingerprint, row.TargetName, row.SourceUid, row.ResourceNamespace, row.Payload.Span, isNull: false);
    }

    /// <summary>A rejected item: its old row stays.</summary>
    public void Keep(string targetName, string sourceUid)
    {
        var fingerprint = IdentityFingerprint.Of(targetName, sourceUid);
        if (!seen.Contains(fingerprint) && !held.ContainsKey(fingerprint))
            Hold(fingerprint, targetName, sourceUid, "", [], isNull: true);
    }

    /// <summary>
    /// The array values of <c>@rows</c>, separated by commas: rows to write first, so that the one at position 0 can carry the time of
    /// the snapshot.
    /// </summary>
    public ReadOnlyMemory<byte> ToParameter()
    {
        var to = new ArrayBufferWriter<byte>((int)Math.Max(16, bytes));
        foreach (var piece in Ordered())
        {
            if (to.WrittenCount > 0)
                to.Write(","u8);
            WriteParts(
                to, piece, "{\"structValues\":{\"target\":{\"value\":"u8, "},\"uid\":{\"value\":"u8, "},\"namespace\":{\"value\":"u8, "},\"payload\":{\"value\":"u8, "}}}"u8);
        }

        return to.WrittenMemory;
    }

    /// <summary>The rows held as lines for a load job; afterwards none is held.</summary>
    public ReadOnlyMemory<byte> TakeLines()
    {
        var to = new ArrayBufferWriter<byte>((int)Math.Max(16, bytes));
        foreach (var held in pieces)
            if (held is { } piece)
            {
                to.Write("{\"position\":"u8);
                to.Write(Encoding.ASCII.GetBytes(piece.Position.ToString(CultureInfo.InvariantCulture)));
                WriteParts(to, piece, ",\"target_name\":"u8, ",\"source_uid\":"u8, ",\"resource_namespace\":"u8, ",\"payload\":"u8, "}\n"u8);
            }

        Clear();
        return to.WrittenMemory;
    }

    /// <summary>Stands for the rows held: equal for equal ones.</summary>
    public byte[] Digest() => SHA256.HashData(ToParameter().Span);

    private void Hold(UInt128 fingerprint, string target, string uid, string ns, ReadOnlySpan<byte> payload, bool isNull)
    {
        var start = buffer.WrittenCount;
        var piece = new Piece(Added++, start, Text(target), Text(uid), Text(ns), isNull ? Null() : Text(payload));
        if (held.TryGetValue(fingerprint, out var index))
        {
            bytes -= RowOverhead + pieces[index]!.Value.Length;
            pieces[index] = null;
        }

        held[fingerprint] = pieces.Count;
        pieces.Add(piece);
        bytes += RowOverhead + piece.Length;
    }

    private IEnumerable<Piece> Ordered()
    {
        foreach (var piece in pieces)
            if (piece is { } row && !IsNull(row))
                yield return row;
        foreach (var piece in pieces)
            if (piece is { } row && IsNull(row))
                yield return row;
    }

    private bool IsNull(Piece piece) => buffer.WrittenSpan[piece.Start + piece.Length - 1] == (byte)'l';

    private void WriteParts(
        ArrayBufferWriter<byte> to,
        Piece piece,
        ReadOnlySpan<byte> target,
        ReadOnlySpan<byte> uid,
        ReadOnlySpan<byte> ns,
        ReadOnlySpan<byte> payload,
        ReadOnlySpan<byte> end)
    {
        var from = buffer.WrittenSpan[piece.Start..];
        to.Write(target);
        to.Write(from[..piece.Target]);
        to.Write(uid);
        to.Write(from.Slice(piece.Target, piece.Uid));
        to.Write(ns);
        to.Write(from.Slice(piece.Target + piece.Uid, piece.Namespace));
        to.Write(payload);
        to.Write(from.Slice(piece.Target + piece.Uid + piece.Namespace, piece.Payload));
        to.Write(end);
    }

    private int Text(string value)
    {
        json.Reset(buffer);
        json.WriteStringValue(value);
        return Flush();
    }

    private int Text(ReadOnlySpan<byte> utf8)
    {
        json.Reset(buffer);
        json.WriteStringValue(utf8);
        return Flush();
    }

    private int Null()
    {
        json.Reset(buffer);
        json.WriteNullValue();
        return Flush();
    }

    private int Flush()
    {
        var before = buffer.WrittenCount;
        json.Flush();
        return buffer.WrittenCount - before;
    }

    private void Clear()
    {
        held.Clear();
        pieces.Clear();
        buffer.ResetWrittenCount();
        bytes = 0;
    }
}
