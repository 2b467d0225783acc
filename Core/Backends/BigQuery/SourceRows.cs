using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// The rows of a snapshot as values of one request, as long as they fit into it; afterwards as lines of a load job. Holds
/// some 40 bytes for each identity.
/// </summary>
public sealed class SourceRows
{
    // {"structValues":{"target":{"value":…},"uid":{"value":…},"namespace":{"value":…},"payload":{"value":…}}}
    private static readonly Frame InParameter = Frame.Of("{\"structValues\":{", column => $"\"{column.ShortName}\":{{\"value\":", "},", "}}}");

    // {"position":0,"target_name":…,"source_uid":…,"resource_namespace":…,"payload":…}
    private static readonly Frame InLine = Frame.Of(",", column => $"\"{column.Name}\":", ",", "}\n");

    private static readonly Action<Utf8JsonWriter, Row>[] Values = [.. Columns.OfItem.AsEnumerable().Select(Value)];

    /// <summary>Bytes of names, braces and comma around one row in the array parameter.</summary>
    internal static int RowOverhead { get; } = InParameter.Bytes + 1;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly System.Collections.Generic.HashSet<UInt128> seen = [];
    private readonly Dictionary<UInt128, int> held = [];
    private readonly List<Piece?> pieces = [];
    private readonly List<int> lengths = [];
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 16);
    private readonly Utf8JsonWriter json;
    private readonly EqualKeys keys = new();
    private long bytes;

    /// <summary>Position of a row's JSON strings in the buffer, one after the other, and of the first of their <see cref="lengths"/>.</summary>
    private readonly record struct Piece(long Position, int Start, int Length, int FirstLength, bool IsKept);

    /// <summary>Text before each value of a row, and after the last.</summary>
    private sealed record Frame(byte[][] Before, byte[] End)
    {
        public int Bytes => Before.Sum(part => part.Length) + End.Length;

        public static Frame Of(string start, Func<Column, string> name, string between, string end) => new(
            [.. Columns.OfItem.AsEnumerable().Select((column, index) => Encoding.UTF8.GetBytes((index == 0 ? start : between) + name(column)))],
            Encoding.UTF8.GetBytes(end));
    }

    /// <summary>Holds no rows.</summary>
    public SourceRows() => json = new Utf8JsonWriter(buffer, Relaxed);

    /// <summary>Items overruled by a later one of the same identity.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Different identities that are to be written.</summary>
    public long Distinct => seen.Count;

    /// <summary>Rows that were added, duplicates and kept ones included.</summary>
    public long Added { get; private set; }

    /// <summary>Lines that were taken for a load job.</summary>
    public long Lines { get; private set; }

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

        // BigQuery's JSON type keeps the first of equal keys, jsonb and BSON the last, which the columns come from as well.
        Hold(fingerprint, row with { Payload = keys.KeepLast(row.Payload) });
    }

    /// <summary>A rejected item: its old row stays.</summary>
    public void Keep(string targetName, string sourceUid)
    {
        var fingerprint = IdentityFingerprint.Of(targetName, sourceUid);
        if (!seen.Contains(fingerprint) && !held.ContainsKey(fingerprint))
            Hold(fingerprint, Row.Kept(targetName, sourceUid));
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
            WriteValues(to, piece, InParameter);
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
                Lines++;
                to.Write("{\"position\":"u8);
                to.Write(Encoding.ASCII.GetBytes(piece.Position.ToString(CultureInfo.InvariantCulture)));
                WriteValues(to, piece, InLine);
            }

        Clear();
        return to.WrittenMemory;
    }

    /// <summary>A digest of the rows held: equal for equal rows.</summary>
    public byte[] Digest() => SHA256.HashData(ToParameter().Span);

    private void Hold(UInt128 fingerprint, Row row)
    {
        var (start, firstLength) = (buffer.WrittenCount, lengths.Count);
        foreach (var write in Values)
            lengths.Add(Append(write, row));
        var piece = new Piece(Added++, start, buffer.WrittenCount - start, firstLength, row.IsKept);
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
            if (piece is { IsKept: false } row)
                yield return row;
        foreach (var piece in pieces)
            if (piece is { IsKept: true } row)
                yield return row;
    }

    private void WriteValues(ArrayBufferWriter<byte> to, Piece piece, Frame frame)
    {
        var from = buffer.WrittenSpan.Slice(piece.Start, piece.Length);
        for (var value = 0; value < frame.Before.Length; value++)
        {
            var length = lengths[piece.FirstLength + value];
            to.Write(frame.Before[value]);
            to.Write(from[..length]);
            from = from[length..];
        }

        to.Write(frame.End);
    }

    private int Append(Action<Utf8JsonWriter, Row> write, Row row)
    {
        var before = buffer.WrittenCount;
        json.Reset(buffer);
        write(json, row);
        json.Flush();
        return buffer.WrittenCount - before;
    }

    private static Action<Utf8JsonWriter, Row> Value(Column column) => column switch
    {
        Column.OfItem { Read: var read } => (to, row) => to.WriteStringValue(read(row)),
        Column.Payload => (to, row) =>
        {
            if (row.IsKept)
                to.WriteNullValue();
            else
                to.WriteStringValue(row.Payload.Span);
        }
        ,
        _ => throw new UnreachableException(),
    };

    private void Clear()
    {
        held.Clear();
        pieces.Clear();
        lengths.Clear();
        buffer.ResetWrittenCount();
        bytes = 0;
    }
}
