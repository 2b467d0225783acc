using System.Text;
using System.Text.Json;
using Kollect.Core.Snapshots;
using Kollect.Fuzz.Tests.Engine;
using Kollect.Shell.Snapshots;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>Snapshots in every form, as rows of each backend.</summary>
internal sealed class SnapshotTarget() : FuzzTarget("snapshots")
{
    private static readonly (string Backend, RowLimits Limits)[] Backends =
    [
        ("postgres", Core.Backends.Postgres.Limits.Instance),
        ("mongodb", Core.Backends.MongoDb.Limits.Instance),
        ("bigquery", Core.Backends.BigQuery.Limits.Instance),
    ];

    public override InputForm Form => InputForm.Json;

    public override IReadOnlyList<string> Tokens =>
    [
        "targetNamespace", "targetName", "namespace", "name", "group", "version", "kind", "uid", "attributes", "apiVersion", "metadata",
        "managedFields",
        "items", "List", "PodList", "Secret", "Status", "Table", "schemaVersion", "generation", "cluster", "exportedAt", "itemCount", "checksum",
        "partTotal",
        "kollect.dev/v1alpha1", "continue", "resourceVersion", "type", "object", "ADDED", "\"items\":[", "]}", "v1", "meta.k8s.io/v1",
    ];

    // The buffer begins with 256 KiB and doubles; each backend reads once, and one of them in pieces.
    public override long MaxAllocated(int length) => (32L << 20) + (2_000L * length);

    public override string Run(byte[] input)
    {
        var (elements, texts) = (Elements(input, pieces: 7), new List<string>());
        var results = Backends.Select(it => $"{it.Backend}: {Read(input, it.Limits, elements, texts)}").ToArray();
        Messages.AreVisible(texts);
        return string.Join('\n', results);
    }

    private static string Read(byte[] input, RowLimits limits, (long Count, long Items, string? Refused) elements, List<string> texts)
    {
        var rows = Rows(input, limits, int.MaxValue);
        // What ends the one ends the other, but a list within the snapshot may end the rows alone.
        Assert.True(elements.Refused is null || rows.Refused is not null, elements.Refused);
        if (elements.Refused is null)
            Assert.Equal(Reference.Count(input), elements.Count);
        if (rows.Refused is null)
            Assert.Equal(elements.Items, rows.Counts.Items + rows.Counts.Skipped);
        texts.AddRange(rows.Texts.Append(rows.Refused ?? ""));
        return $"{rows.Refused} {rows.Counts}\n{string.Join('\n', rows.Texts)}";
    }

    private static (long Count, long Items, string? Refused) Elements(byte[] input, int pieces)
    {
        var (count, items) = (0L, 0L);
        try
        {
            foreach (var element in Open(input, pieces).ElementsAsync(default).ToBlockingEnumerable())
            {
                JsonDocument.Parse(element, new JsonDocumentOptions { MaxDepth = FuzzSettings.MaxInput }).Dispose();
                count++;
                items += NestedList.MaybeIn(element.Span) ? NestedList.Flatten(element, None).Count() : 1;
            }

            return (count, items, null);
        }
        catch (SnapshotException refused)
        {
            return (count, items, refused.Message);
        }
    }

    private static (SnapshotCounts Counts, List<string> Texts, string? Refused) Rows(byte[] input, RowLimits limits, int pieces)
    {
        var (counts, texts) = (SnapshotCounts.Zero, new List<string>());
        try
        {
            var rules = new ItemRules(new Scope("shop", "all", "kind"), limits, None, IncludeSecrets: false);
            foreach (var row in Open(input, pieces).RowsAsync(rules, default).ToBlockingEnumerable())
            {
                counts = counts.Add(row);
                texts.Add(row switch
                {
                    RowOrRejection.Accepted it => Accepted(it.Row),
                    RowOrRejection.Rejected it => $"{it.Label}: {it.Reason}",
                    RowOrRejection.Skipped it => $"{it.Label}: {it.Reason}",
                    _ => throw new System.Diagnostics.UnreachableException(),
                });
            }

            return (counts, texts, null);
        }
        catch (SnapshotException refused)
        {
            return (counts, texts, refused.Message);
        }
    }

    private static SnapshotReader Open(byte[] input, int pieces) =>
        SnapshotReader.OpenAsync(new PieceStream(input, pieces), default).GetAwaiter().GetResult();

    /// <summary>A row holds only what every backend can store.</summary>
    private static string Accepted(in Row row)
    {
        Assert.NotEmpty(row.TargetName);
        Assert.NotEmpty(row.SourceUid);
        foreach (var text in new[] { row.TargetName, row.SourceUid, row.ResourceNamespace })
            Assert.DoesNotContain(text.EnumerateRunes(), rune => rune.Value == 0);
        using var payload = JsonDocument.Parse(row.Payload, new JsonDocumentOptions { MaxDepth = FuzzSettings.MaxInput });
        Assert.Equal(JsonValueKind.Object, payload.RootElement.ValueKind);
        JsonDocument.Parse(new EqualKeys().KeepLast(row.Payload), new JsonDocumentOptions { MaxDepth = FuzzSettings.MaxInput }).Dispose();
        return FormattableString.Invariant($"{row.Payload.Length} bytes, {row.Sanitized} sanitized");
    }

    /// <summary>Counts the elements of a complete snapshot in another way than the product: the whole text at once.</summary>
    private static class Reference
    {
        public static long Count(byte[] input)
        {
            var text = input.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? input.AsSpan(3) : input;
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue, AllowMultipleValues = true });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartArray)
                return Values(ref reader, JsonTokenType.EndArray);
            var (values, items) = (0L, -1L);
            do
            {
                values++;
                if (values == 1)
                    items = Items(ref reader);
                else
                    reader.Skip();
            }
            while (reader.Read());
            return items >= 0 ? items : values;
        }

        /// <summary>Of the first array <c>items</c> of an object; -1 = it has none.</summary>
        private static long Items(ref Utf8JsonReader reader)
        {
            var items = -1L;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isItems = !reader.ValueIsEscaped && reader.ValueTextEquals("items"u8);
                reader.Read();
                if (items < 0 && isItems && reader.TokenType == JsonTokenType.StartArray)
                    items = Values(ref reader, JsonTokenType.EndArray);
                else
                    reader.Skip();
            }

            return items;
        }

        private static long Values(ref Utf8JsonReader reader, JsonTokenType end)
        {
            var values = 0L;
            for (; reader.Read() && reader.TokenType != end; values++)
                reader.Skip();
            return values;
        }
    }
}
