using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Snapshots;
using Kollect.Shell.Snapshots;

namespace Kollect.Shell.Tests.Snapshots;

public sealed class SnapshotReaderTests
{
    private static readonly ItemRules Rules = new(new Scope("platform", "all", ""), Limits.Instance, None, false);

    private const string A = """{"targetName":"deployments","uid":"a","n":1}""";
    private const string B = """{"targetName":"deployments","uid":"b","text":"x\ny é"}""";

    /// <summary>Each form of the same two items.</summary>
    public static TheoryData<string, string> Forms { get; } = new()
    {
        { "NDJSON", $"{A}\n{B}\n" },
        { "NDJSON without a last line break", $"{A}\n{B}" },
        { "NDJSON with CRLF and empty lines", $"\r\n{A}\r\n\r\n{B}\r\n" },
        { "array", $"[{A},{B}]" },
        { "array with white space", $" [\n  {A} ,\n  {B}\n]\n" },
        { "byte order mark", $"\uFEFF[{A},{B}]" },
        { "envelope", Envelope($"[{A},{B}]", 2) },
        { "List, items first", $$"""{"items":[{{A}},{{B}}],"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":""} }""" },
        { "List, items last", $$"""{"apiVersion":"v1","kind":"List","items":[{{A}},{{B}}]}""" },
    };

    [Theory, MemberData(nameof(Forms))]
    public async Task Every_form_gives_the_same_elements(string form, string text)
    {
        Assert.NotEmpty(form);
        Assert.Equal([A, B], await ElementsAsync(Bytes(text)));
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task Elements_do_not_depend_on_how_the_bytes_arrive(string form, string text)
    {
        Assert.NotEmpty(form);
        for (var chunk = 1; chunk < 40; chunk++)
            Assert.Equal([A, B], await ElementsAsync(Bytes(text), chunk));
    }

    [Theory, MemberData(nameof(Forms))]
    public async Task Input_that_is_cut_anywhere_is_refused_or_ends_at_a_line(string form, string text)
    {
        var bytes = Bytes(text.TrimEnd());
        for (var length = 0; length < bytes.Length; length++)
        {
            var cut = bytes[..length];
            var endsAtLine = Encoding.UTF8.GetString(cut).TrimEnd().EndsWith(A, StringComparison.Ordinal);
            if (form.StartsWith("NDJSON", StringComparison.Ordinal) && endsAtLine)
                continue;
            await Assert.ThrowsAsync<SnapshotException>(() => ElementsAsync(cut));
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"apiVersion":"v1","kind":"List","items":[]}""")]
    public async Task An_empty_snapshot_can_be_stated(string text) => Assert.Empty(await ElementsAsync(Bytes(text)));

    [Theory]
    [InlineData("""{"targetName":"t","uid":"u","\ud800":1}""")]
    [InlineData("""{"targetName":"t","uid":"u","metadata":{"\udc00":{"continue":"\ud800"}}}""")]
    [InlineData("""{"targetName":"t","uid":"u","generation":"3rd","cluster":{"name":"east"},"itemCount":"many","checksum":[]}""")]
    [InlineData("""{"apiVersion":"v1","kind":"AllowList","metadata":{"uid":"u"},"items":{"a":"b"}}""")]
    public async Task The_first_object_is_an_element_whatever_its_keys_hold(string element) =>
        Assert.Equal([element, A], await ElementsAsync(Bytes($"{element}\n{A}")));

    [Fact]
    public async Task A_value_of_more_than_64_MiB_is_refused_with_the_limit()
    {
        var refusal = await Assert.ThrowsAsync<SnapshotException>(() => ElementsAsync(Bytes($"[\"{new string('x', 64 << 20)}\"]"), 1 << 20));
        Assert.Contains("64 MiB", refusal.Message, StringComparison.Ordinal);
    }

    [Property]
    public async Task Elements_depend_neither_on_the_form_nor_on_where_the_stream_is_split(string?[] texts, PositiveInt chunk)
    {
        var items = texts
            .Select((text, at) => new JsonObject { ["targetName"] = "t", ["uid"] = $"{at}", [text ?? ""] = text }.ToJsonString())
            .ToArray();
        var array = $"[{string.Join(",", items)}]";
        string[] forms = [array, $$"""{"items":{{array}}}""", .. items.Length > 0 ? [string.Join('\n', items)] : System.Array.Empty<string>()];
        foreach (var form in forms)
            Assert.Equal(items, await ElementsAsync(Bytes(form), chunk.Get));
    }

    [Fact]
    public async Task One_object_of_the_API_is_a_snapshot_of_one_item()
    {
        const string Pod = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"shop","uid":"u1","managedFields":[{"x":1}]},"n":12345678901234567890}
            """;
        var row = Assert.IsType<RowOrRejection.Accepted>(Assert.Single(await RowsAsync(Bytes(Pod)))).Row;
        Assert.Equal(("pods", "u1", "shop"), (row.TargetName, row.SourceUid, row.ResourceNamespace));
        Golden.Verify(Encoding.UTF8.GetString(row.Payload.Span), "items/pod.json");
    }

    [Theory]
    [InlineData("""{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"p","uid":"u"},"spec":{}}]}""", "pods u")]
    [InlineData("""{"kind":"PodList","apiVersion":"v1","items":[{"kind":"Job","apiVersion":"batch/v1","metadata":{"uid":"u"}}]}""", "jobs u")]
    [InlineData("""[{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"uid":"u"}},{"metadata":{"uid":"v"}}]}]""", "pods u", "pods v")]
    [InlineData(
        """
        {"kind":"List","apiVersion":"v1","items":[{"kind":"List","apiVersion":"v1","items":[
          {"kind":"ServiceList","apiVersion":"v1","items":[{"metadata":{"uid":"u"}}]},{"kind":"PodList","apiVersion":"v1","items":[]}]},
          {"kind":"Pod","apiVersion":"v1","metadata":{"uid":"v"}}]}
        """,
        "services u", "pods v")]
    [InlineData("""{"apiVersion":"t/v1","kind":"Node","metadata":{"uid":"u"},"attributes":[{"name":"a"}]}""", "nodes u")]
    [InlineData("""[{"apiVersion":"t/v1","kind":"Node","metadata":{"uid":"u"},"uid":"x","targetName":7}]""", "nodes u")]
    [InlineData("""{"apiVersion":"t/v1","kind":"Node","uid":"x","metadata":{"uid":"u"}}""", "nodes u")]
    public async Task Objects_of_lists_in_lists_and_with_own_fields_become_rows(string input, params string[] rows)
    {
        var read = await RowsAsync(Bytes(input));
        Assert.Equal(rows, read.Select(row => Assert.IsType<RowOrRejection.Accepted>(row).Row).Select(row => $"{row.TargetName} {row.SourceUid}"));
    }

    [Fact]
    public async Task The_type_of_a_typed_list_stands_in_the_stored_object()
    {
        var row = Assert.IsType<RowOrRejection.Accepted>(Assert.Single(await RowsAsync(
            Bytes("""{"kind":"PodList","apiVersion":"v1","items":[ {"metadata":{"uid":"u"}} ]}""")))).Row;
        Assert.Equal(
            """{"resource":{"apiVersion":"v1","kind":"Pod","metadata":{"uid":"u"}}}""",
            JsonNode.Parse(row.Payload.Span)!["attributes"]!.ToJsonString());
    }

    [Fact]
    public async Task A_page_of_a_list_within_the_snapshot_is_refused() =>
        Assert.Contains("one page", (await Assert.ThrowsAsync<SnapshotException>(() => RowsAsync(
            Bytes("""[{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"x"},"items":[]}]""")))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Lists_in_lists_without_end_are_refused()
    {
        const int depth = 50_000;
        var nested = string.Concat(Enumerable.Repeat("""{"apiVersion":"v1","kind":"List","items":[""", depth)) + string.Concat(Enumerable.Repeat("]}", depth));
        Assert.Contains(
            "lists within lists", (await Assert.ThrowsAsync<SnapshotException>(() => RowsAsync(Bytes($"[{nested}]")))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Status_among_objects_is_rejected() =>
        Assert.Contains("is a Status", Assert.IsType<RowOrRejection.Rejected>(Assert.Single(await RowsAsync(
            Bytes("""[{"kind":"Status","apiVersion":"v1","metadata":{},"code":403}]""")))).Reason, StringComparison.Ordinal);

    [Fact]
    public async Task Every_refusal_names_the_position_and_the_remedy()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Bytes($"[{A}]")));
        (string Name, byte[] Input)[] cases =
        [
            ("0 bytes", []),
            ("white space", Bytes(" \n")),
            ("a byte order mark alone", Bytes("\uFEFF")),
            ("UTF-16", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("[]")).ToArray()),
            ("gzip", [0x1F, 0x8B, 8, 0]),
            ("a scalar", Bytes("42")),
            ("text", Bytes("No resources found")),
            ("cut in a line", Bytes($"{A}\n{B[..20]}")),
            ("cut in an array", Bytes($"[{A},{B}")),
            ("a missing comma", Bytes($"[{A}\n{B}]")),
            ("two arrays", Bytes("[]\n[]")),
            ("something after a List", Bytes("""{"kind":"List","items":[]} {}""")),
            ("items twice", Bytes("""{"items":[],"items":[]}""")),
            ("itemCount lies", Bytes(Envelope($"[{A}]", 2))),
            ("itemCount lies after items", Bytes($$"""{"items":[{{A}}],"itemCount":0}""")),
            ("checksum lies", Bytes($$"""{"checksum":"{{hash.Replace(hash[0], hash[0] == '0' ? '1' : '0')}}","items":[{{A}}]}""")),
            ("checksum is no checksum", Bytes("""{"checksum":"abc","items":[]}""")),
            ("a part", Bytes("""{"partTotal":3,"items":[]}""")),
            ("another schema version", Bytes("""{"schemaVersion":"kollect.dev/v9","items":[]}""")),
            ("exportedAt is no time", Bytes("""{"exportedAt":"yesterday","items":[]}""")),
            ("exportedAt of several lines", Bytes("""{"exportedAt":"a\nb\u001b[31m","items":[]}""")),
            ("schemaVersion without end", Bytes($$"""{"schemaVersion":"{{new string('v', 5_000)}}","items":[]}""")),
            ("exportedAt too late", Bytes("""{"items":[],"exportedAt":"2026-11-23T08:30:00Z"}""")),
            ("a page of a List", Bytes("""{"apiVersion":"v1","kind":"PodList","metadata":{"continue":"abc","remainingItemCount":5},"items":[]}""")),
            ("a page of a List, said after items", Bytes("""{"apiVersion":"v1","items":[],"kind":"PodList","metadata":{"continue":"abc"}}""")),
            ("an item with a field items", Bytes("""{"targetName":"t","uid":"u","items":[]}""")),
            ("an item with a field items before its uid", Bytes("""{"items":[],"uid":"u"}""")),
            ("an object with a field items", Bytes("""{"apiVersion":"example.dev/v1","items":[],"kind":"Menu","metadata":{"name":"m","uid":"u"}}""")),
            ("a manifest with a field items", Bytes("""{"apiVersion":"example.dev/v1","kind":"Menu","items":[]}""")),
            ("a manifest with a field items before its name", Bytes("""{"items":[],"apiVersion":"example.dev/v1","metadata":{"name":"m"}}""")),
            ("items null", Bytes("""{"schemaVersion":"kollect.dev/v1alpha1","itemCount":0,"items":null}""")),
            ("a List of null", Bytes("""{"apiVersion":"v1","items":null,"kind":"List","metadata":{"resourceVersion":""} }""")),
            ("an envelope without items", Bytes("""{"schemaVersion":"kollect.dev/v1alpha1","itemCount":0}""")),
            ("itemCount of a List lies", Bytes("""{"kind":"List","items":[],"itemCount":3}""")),
            ("checksum after the items of a List", Bytes($$"""{"kind":"List","items":[{{A}}],"checksum":"{{hash}}"}""")),
            ("checksum of a List lies", Bytes($$"""{"kind":"List","checksum":"{{hash}}","items":[]}""")),
            ("cluster is no text", Bytes("""{"cluster":"\ud800","items":[]}""")),
            ("cluster holds NUL", Bytes("""{"cluster":"a\u0000","items":[]}""")),
            ("an empty object", Bytes("{}")),
            ("an object of another program", Bytes("""{"a":1}""")),
            ("a Status", Bytes("""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"pods is forbidden","code":403}""")),
            ("a Table", Bytes("""{"kind":"Table","apiVersion":"meta.k8s.io/v1","columnDefinitions":[],"rows":[{"cells":["p"]}]}""")),
            ("events of a watch", Bytes("""{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"uid":"u"}}}""")),
            ("an AdmissionReview", Bytes("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u"}}""")),
            ("metadata alone", Bytes(
                """{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{},"items":[{"metadata":{"uid":"u"}}]}""")),
            ("a list of resources", Bytes("""{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","kind":"Pod"}]}""")),
            ("itemCount is a string", Bytes("""{"itemCount":"2","items":[]}""")),
        ];
        var text = new StringBuilder();
        foreach (var (name, input) in cases)
        {
            var refusal = await Assert.ThrowsAsync<SnapshotException>(() => ElementsAsync(input));
            Assert.DoesNotContain(refusal.Message, char.IsControl);
            Assert.InRange(refusal.Message.Length, 1, 300);
            text.Append(name).Append("\n    ").Append(refusal.Message.Replace(hash, "<sha256>", StringComparison.Ordinal)).Append('\n');
        }

        Golden.Verify(text.ToString(), "items/input-errors.txt");
    }

    [Fact]
    public async Task A_checksum_is_over_compact_JSON_in_any_layout_of_the_file()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Bytes($"[{A},{B}]")));
        var pretty = JsonNode.Parse($"[{A},{B}]")!.ToJsonString(new() { WriteIndented = true });
        Assert.Equal(2, (await ElementsAsync(Bytes($$"""{"checksum":"sha256:{{hash}}","items":[{{A}}, {{B}} ]}"""))).Count);
        Assert.Equal(2, (await ElementsAsync(Bytes($$"""{"items":[ {{A}},{{B}}],"checksum":"{{hash}}"}"""))).Count);
        pretty = pretty.Replace("\\u00E9", "é", StringComparison.Ordinal);
        Assert.Equal(2, (await ElementsAsync(Bytes($$"""{"items":{{pretty}},"checksum":"{{hash}}"}"""))).Count);
    }

    [Fact]
    public async Task The_shared_items_are_equal_in_every_form()
    {
        var lines = await File.ReadAllLinesAsync(SharedData.Require("items.ndjson"), TestContext.Current.CancellationToken);
        var array = $"[{string.Join(",\n", lines)}]";
        Assert.Equal(lines, await ElementsAsync(Bytes(string.Join('\n', lines))));
        Assert.Equal(lines, await ElementsAsync(Bytes(array)));
        Assert.Equal(lines, await ElementsAsync(Bytes(Envelope(array, lines.Length))));
        Assert.Equal(lines, await ElementsAsync(Bytes($$"""{"items":{{array}},"kind":"List"}""")));
    }

    [Property]
    public async Task Arbitrary_bytes_are_refused_with_one_line_or_read(byte[] bytes)
    {
        try
        {
            _ = await RowsAsync(bytes);
        }
        catch (SnapshotException refusal)
        {
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }

    private static string Envelope(string items, int count) =>
        """{"schemaVersion":"kollect.dev/v1alpha1","generation":7,"cluster":"east","exportedAt":"2026-11-23T08:30:00Z","""
        + $$""" "itemCount":{{count}},"items":{{items}}}""";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<List<string>> ElementsAsync(byte[] input, int chunk = int.MaxValue)
    {
        var reader = await SnapshotReader.OpenAsync(new ChunkedStream(input, chunk), TestContext.Current.CancellationToken);
        var elements = new List<string>();
        await foreach (var element in reader.ElementsAsync(TestContext.Current.CancellationToken))
            elements.Add(Encoding.UTF8.GetString(element.Span));
        return elements;
    }

    private static async Task<List<RowOrRejection>> RowsAsync(byte[] input)
    {
        var reader = await SnapshotReader.OpenAsync(new MemoryStream(input), TestContext.Current.CancellationToken);
        var rows = new List<RowOrRejection>();
        await foreach (var row in reader.RowsAsync(Rules, TestContext.Current.CancellationToken))
            rows.Add(row);
        return rows;
    }

    /// <summary>Returns at most <paramref name="chunk"/> bytes per read, as a pipe may.</summary>
    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, chunk)], cancellationToken);
    }
}
