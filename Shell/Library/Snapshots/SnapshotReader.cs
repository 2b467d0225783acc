using System.Runtime.CompilerServices;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Snapshots;

/// <summary>
/// Reads a snapshot as a stream, in any of its forms: NDJSON, a JSON array, an export envelope, or what
/// <c>kubectl get -o json</c> prints. Throws <see cref="SnapshotException"/> for anything that is not one complete snapshot.
/// </summary>
public sealed class SnapshotReader
{
    private readonly JsonBuffer buffer;
    private readonly IElements elements;

    private SnapshotReader(JsonBuffer buffer, IElements elements, EnvelopeFields header)
    {
        this.buffer = buffer;
        this.elements = elements;
        Header = header;
    }

    /// <summary>What an envelope says before its items; nothing in all other forms.</summary>
    public EnvelopeFields Header { get; }

    /// <summary>Reads as far as it takes to know the form, and an envelope's fields before <c>items</c>.</summary>
    public static async Task<SnapshotReader> OpenAsync(Stream stream, CancellationToken cancel)
    {
        var buffer = new JsonBuffer(stream);
        await buffer.FillAsync(cancel);
        SnapshotForm.SkipByteOrderMark(buffer);
        try
        {
            var form = SnapshotForm.Detect(buffer);
            while (form is null)
            {
                await buffer.FillAsync(cancel);
                form = SnapshotForm.Detect(buffer);
            }

            return new SnapshotReader(buffer, form.Elements, form.Header);
        }
        catch (JsonException malformed)
        {
            throw buffer.Malformed(malformed);
        }
    }

    /// <summary>Each element as one JSON value, valid until the next one is asked for. Ends normally only after a complete snapshot.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ElementsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        while (true)
        {
            Next next;
            ReadOnlyMemory<byte> element;
            try
            {
                next = elements.TryRead(buffer, out element);
            }
            catch (JsonException malformed)
            {
                throw buffer.Malformed(malformed);
            }

            if (next == Next.End)
                yield break;
            if (next == Next.Element)
                yield return element;
            else
                await buffer.FillAsync(cancel);
        }
    }

    /// <summary>Each element as a row, or why there is none.</summary>
    public async IAsyncEnumerable<RowOrRejection> RowsAsync(ItemRules rules, [EnumeratorCancellation] CancellationToken cancel)
    {
        var number = 0L;
        await foreach (var element in ElementsAsync(cancel))
            yield return ItemReader.Read(element, rules, ++number);
    }
}

/// <summary>What one attempt to read an element gave.</summary>
internal enum Next
{
    /// <summary>An element.</summary>
    Element,

    /// <summary>The window holds no whole element: fill it and try again.</summary>
    NeedMore,

    /// <summary>The snapshot is complete.</summary>
    End,
}

/// <summary>The elements of one form.</summary>
internal interface IElements
{
    Next TryRead(JsonBuffer buffer, out ReadOnlyMemory<byte> element);
}
