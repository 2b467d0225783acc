using System.Runtime.CompilerServices;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Shell.Snapshots;

/// <summary>
/// Reads a snapshot as a stream, in any of its forms: NDJSON, a JSON array, an export envelope, or the output of
/// <c>kubectl get -o json</c>. Throws <see cref="SnapshotException"/> for anything but one complete snapshot.
/// </summary>
internal sealed class SnapshotReader
{
    private readonly JsonBuffer buffer;
    private readonly IElements elements;

    private readonly Option<ItemType> itemType;

    private SnapshotReader(JsonBuffer buffer, SnapshotForm form)
    {
        this.buffer = buffer;
        elements = form.Elements;
        itemType = form.ItemType;
        Header = form.Header;
    }

    /// <summary>The fields of an envelope before its items; empty in all other forms.</summary>
    public EnvelopeFields Header { get; }

    /// <summary>Reads until the form is known, and the fields of an envelope before <c>items</c>.</summary>
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

            return new SnapshotReader(buffer, form);
        }
        catch (JsonException malformed)
        {
            throw buffer.Malformed(malformed);
        }
    }

    /// <summary>Each element as one JSON value, valid until the next one is requested. Ends without an exception only after a complete snapshot.</summary>
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

    /// <summary>Each element as a row, or the reason of its rejection; a list among them is replaced by its items.</summary>
    public async IAsyncEnumerable<RowOrRejection> RowsAsync(ItemRules rules, [EnumeratorCancellation] CancellationToken cancel)
    {
        var number = 0L;
        await foreach (var element in ElementsAsync(cancel))
            if (NestedList.MaybeIn(element.Span))
                foreach (var (item, type) in NestedList.Flatten(element, itemType))
                    yield return ItemReader.Read(item, rules, ++number, type);
            else
                yield return ItemReader.Read(element, rules, ++number, itemType);
    }
}

/// <summary>Result of one attempt to read an element.</summary>
internal enum Next
{
    /// <summary>An element.</summary>
    Element,

    /// <summary>The buffer holds no whole element: fill it and try again.</summary>
    NeedMore,

    /// <summary>The snapshot is complete.</summary>
    End,
}

/// <summary>Reads the elements of one form.</summary>
internal interface IElements
{
    Next TryRead(JsonBuffer buffer, out ReadOnlyMemory<byte> element);
}
