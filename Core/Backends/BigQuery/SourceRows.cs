using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// The rows of a snapshot as values of one request, as long as they fit into it; afterwards as lines of a load job. Lines are taken as often as they fill
/// a part of the upload, so that nothing that is held grows with the snapshot.
/// </summary>
internal sealed class SourceRows
{
    // {"structValues":{"target":{"value":…},"uid":{"value":…},"namespace":{"value":…},"payload":{"value":…}}}
    private static readonly Frame InParameter = Frame.Of("{\"structValues\":{", column => $"\"{column.ShortName}\":{{\"value\":", "},", "}}}");

    // {"position":0,"target_name":…,"source_uid":…,"resource_namespace":…,"payload":…}
    private static readonly Frame InLine = Frame.Of(",", column => $"\"{column.Name}\":", ",", "}\n");

    private static readonly Action<Utf8JsonWriter, Row>[] Values = [.. Columns.OfItem.AsEnumerable().Select(Value)];

    /// <summary>Bytes of names, braces and comma around one row in the array parameter.</summary>
    internal static int RowOverhead { get; } = InParameter.Bytes + 1;

    private const int PageBytes = 1 << 16;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly List<Piece?> pieces = [];
    private readonly ArrayBufferWriter<byte> buffer = new(1 << 14);
    private readonly EqualKeys keys = new();
    private Dictionary<UInt128, int>? held = []; // null = lines: the statement finds rows of the same identity
    private Memory<byte> page;
    private int taken;
    private readonly Utf8JsonWriter json;
    private long bytes;

    /// <summary>The JSON strings of a row's columns.</summary>
    private readonly record struct Piece(long Position, ReadOnlyMemory<byte>[] Values, bool IsKept)
    {
        public int Length => Values.Sum(value => value.Length);
    }

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
        Last = Added;

        // BigQuery's JSON type keeps the first of equal keys, jsonb and BSON the last, which the columns come from as well.
        Hold(row with { Payload = keys.KeepLast(row.Payload) });
    }

    /// <summary>A rejected item: its old row stays, unless a row of the same identity is written.</summary>
    public void Keep(string targetName, string sourceUid)
    {
        if (held is null || !held.ContainsKey(IdentityFingerprint.Of(targetName, sourceUid)))
            Hold(Row.Kept(targetName, sourceUid));
    }

    /// <summary>
    /// The array value of <c>@rows</c>: rows to write first, so that the one at position 0 can carry the time of the snapshot.
    /// </summary>
    public ReadOnlyMemory<byte> ToParameter()
    {
        var to = new ArrayBufferWriter<byte>((int)bytes + 2);
        to.Write("["u8);
        foreach (var piece in Ordered())
        {
            if (to.WrittenCount > 1)
                to.Write(","u8);
            WriteValues(to, piece, InParameter);
        }

        to.Write("]"u8);
        return to.WrittenMemory;
    }

    /// <summary>
    /// Writes rows that are held as lines for a load job, <see cref="PageBytes"/> or a little more at once; every further row is a line. False = none is
    /// held any more.
    /// </summary>
    public bool TakeLines(IBufferWriter<byte> to)
    {
        held = null;
        for (var written = 0; written < PageBytes && taken < pieces.Count; taken++)
            if (pieces[taken] is { } piece)
            {
                Lines++;
                to.Write("{\"position\":"u8);
                var digits = to.GetSpan(20);
                Utf8Formatter.TryFormat(piece.Position, digits, out var length);
                to.Advance(length);
                WriteValues(to, piece, InLine);
                pieces[taken] = null;
                written += piece.Length;
                bytes -= RowOverhead + piece.Length;
            }

        if (taken < pieces.Count)
            return true;
        pieces.Clear();
        taken = 0;
        return false;
    }

    private void Hold(Row row)
    {
        var piece = new Piece(Added++, [.. Values.Select(write => Append(write, row))], row.IsKept);
        if (held is not null)
        {
            var fingerprint = IdentityFingerprint.Of(row.TargetName, row.SourceUid);
            if (held.TryGetValue(fingerprint, out var index))
            {
                bytes -= RowOverhead + pieces[index]!.Value.Length;
                pieces[index] = null;
            }

            held[fingerprint] = pieces.Count;
        }

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

    private static void WriteValues(IBufferWriter<byte> to, Piece piece, Frame frame)
    {
        for (var value = 0; value < frame.Before.Length; value++)
        {
            to.Write(frame.Before[value]);
            to.Write(piece.Values[value].Span);
        }

        to.Write(frame.End);
    }

    // Pages are small enough to be collected soon, and nothing is copied when more are needed.
    private ReadOnlyMemory<byte> Append(Action<Utf8JsonWriter, Row> write, Row row)
    {
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        write(json, row);
        json.Flush();
        if (page.Length < buffer.WrittenCount)
            page = new byte[Math.Max(PageBytes, buffer.WrittenCount)];
        var value = page[..buffer.WrittenCount];
        buffer.WrittenMemory.CopyTo(value);
        page = page[buffer.WrittenCount..];
        return value;
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
}
