using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Shell.Manifests;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Manifests;

/// <summary>The manifests that kubectl reads, object by object. <c>kubectl label --local</c> prints what it has read, and needs no server.</summary>
public sealed class KubectlTests
{
    private const string Label = "read-by-kubectl";

    [Fact]
    public async Task The_folder_of_manifests_is_read_as_kubectl_reads_it()
    {
        var folder = Repository.At("tests/Shell.Tests/Manifests/as-kubectl");
        var (expected, errors) = await KubectlAsync(folder);
        Assert.Equal("", errors);
        AssertSame(expected, await OursAsync(folder));
    }

    /// <summary>What stands behind a colon, each in a file of its own.</summary>
    [Fact]
    public async Task Every_value_that_kubectl_reads_has_the_same_JSON()
    {
        string[] values =
        [
            "!vault a", "!!set {a}", "!!omap [a: 1]", "!!float 1", "!!int \"12\"", "!!str 12", "!!timestamp 2026-01-02", "! 12", "!!bool \"yes\"",
            "!!binary YzE=", "!!binary |\n  YzE=\n  ", "!!null ''", "!local {a: b}", "!!map {a: b}", "!!seq [a]", "!a", "!!str", "!!merge <<", "<<",
            "2026-01-02", "1_000", "0o10", "010", "08", "0x1F", "0b11", "-0b11", "1e3", "1.", "+.5", "+12", "-0", "1__0", "_1", "0x_1", "1e", "0x", "0b",
            "12345678901234567890123", "18446744073709551616", "-9223372036854775808", "0xffffffffffffffffffffffff", "1.10", "1e400", "NaN", "Inf",
            "-010", "+0x1", "0B11", "0X1f", "0O7", "0o", "5.e1", "190:20:30", "1:2", "y", "=",
            "\"\\x41\\u00e9\\U0001F600\"", "\"a\\\n  b\"", "'a\n\n  b'", "a\n  b", "a\n\n\n  b", "[a, b,]", "{a, b: }",
            "\ta", "a\t", "a #c", "a#c", "'a'#c", "\"a\" #c", "a *b", "a :b", "-a", "'it''s'", "&a", "#a", "\"\uFEFFa\"",
            "|#c\n  a\n", "| #c\n  a\n", "|1\n  a\n", "|-2\n   a\n", "|2-\n   a\n", ">1+\n  a\n\n",
            "|\n\n\n  a\n", "|\n  \n  a\n", "|\n \n  a\n", "|\n    \n    a\n    b\n", "|2\n      \n  a\n", "|2\n    \n\n  a\n", ">2\n      \n  a\n",
            "|-\n  \n  \n  x\n", ">\n  \n  a\n  b\n", ">\n \n  a\n   b\n  c\n\n\n  d\n", ">\n    \n    y\n", ">-\n  a\n  \tb\n", "|+\n  a\n\n\n",
            "|\n", "|\ny: 1\n", ">\n\n\n", "|+\n\n\n", "|\n  a\n \n", "|\n  a\n      \n", "|\n  a\n      \n  b\n", "|\n  a", "|-\n  a",
            "|\n  a\n# c\n", "|\n  a\n  # c\n", "|\n  ---\n", "\n- |\n  a\n- - >\n   b\n", "\n  - k: |\n      a\n    l: >2\n          b\n", "\n  ? a\n  : b\n",
            "\n  \"a: |\": |\n   \n   b\n", "\"a: |\n  b\"", "'a: >\n\n  b'", "a |\n  b", "\n  1.10: a\n  1e3: b\n  0x10: c\n  on: d\n  ~a: e\n",
        ];
        using var folder = new TemporaryFolder();
        for (var at = 0; at < values.Length; at++)
        {
            var text = FormattableString.Invariant($"apiVersion: v1\nkind: A\nmetadata: {{name: n{at:d3}}}\nx: {values[at]}");
            folder.Write(FormattableString.Invariant($"{at:d3}.yaml"), text);
        }

        var (expected, errors) = await KubectlAsync(folder.Path);
        Assert.Equal("", errors);
        AssertSame(expected, await OursAsync(folder.Path));
    }

    [Fact]
    public async Task Two_thousand_real_manifests_in_every_style_of_YAML_are_read_as_kubectl_reads_them()
    {
        var resources = (await File.ReadAllLinesAsync(SharedData.Require("items.ndjson"), TestContext.Current.CancellationToken))
            .Select(line => JsonNode.Parse(line)!["attributes"]!["resource"]!.AsObject()).ToArray();
        using var folder = new TemporaryFolder();
        var random = new Random(13);
        var objects = Enumerable.Range(0, 2_000).Select(at => Trapped(resources[at % resources.Length], random)).ToArray();
        for (var (at, file) = (0, 0); at < objects.Length; file++)
        {
            var count = Math.Min(random.Next(1, 6), objects.Length - at);
            var name = FormattableString.Invariant($"{file:d4}.yaml");
            await File.WriteAllBytesAsync(folder.At(name), new MutatedYaml(file).File(objects[at..(at + count)]), TestContext.Current.CancellationToken);
            at += count;
        }

        var (expected, errors) = await KubectlAsync(folder.Path);
        Assert.Equal("", errors);
        Assert.Equal(2_000, expected.Count);
        AssertSame(expected, await OursAsync(folder.Path));
    }

    [Fact]
    public async Task Subfolders_are_read_with_R_and_in_the_order_of_kubectl()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["b.yaml", "a/z.yml", "a/a/x.json", "a.yaml", "a-b/y.yaml", "B/w.yaml", "a/skipped.txt"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.At(file))!);
            folder.Write(file, $$"""{"apiVersion": "v1", "kind": "A", "metadata": {"name": "{{file.Replace('/', '.').ToLowerInvariant()}}"} }""");
        }

        Directory.CreateSymbolicLink(folder.At("linked"), folder.At("a"));
        var (alone, _) = await KubectlAsync(folder.Path);
        AssertSame(alone, await OursAsync(folder.Path));
        var (all, errors) = await KubectlAsync(folder.Path, "-R");
        Assert.Equal(("", 6), (errors, all.Count));
        AssertSame(all, await OursAsync(folder.Path, isRecursive: true));
    }

    /// <summary>Adds a text of the kinds that YAML readers get wrong.</summary>
    private static JsonObject Trapped(JsonObject resource, Random random)
    {
        string[] lines = ["", "", "  ", "x", "  x: |", "- a", "# no comment", "\tx", "a  b", "é 🌍", "'\"", "key: value", "--- ", "yes"];
        var copy = (JsonObject)resource.DeepClone();
        copy["trap"] = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => lines[random.Next(lines.Length)] + (random.Next(4) > 0 ? "\n" : "")));
        return copy;
    }

    private static async Task<(IReadOnlyList<string> Objects, string Errors)> KubectlAsync(string folder, params string[] options)
    {
        Kubectl.RequireInstalled();
        var result = await Kubectl.RunAsync(["label", "--local", "-f", folder, $"{Label}=true", "-o", "json", .. options]);
        return ([.. Stream(result.Output).Select(Unlabelled).Select(Canonical)], result.Errors);
    }

    private static async Task<IReadOnlyList<string>> OursAsync(string folder, bool isRecursive = false)
    {
        var set = await ManifestReader.ReadAsync([folder], isRecursive, System.IO.Stream.Null, TestContext.Current.CancellationToken);
        Assert.Empty(set.Problems);
        return [.. set.Documents.Map(document => Canonical(JsonNode.Parse(document.Bytes().Span)))];
    }

    private static void AssertSame(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        for (var at = 0; at < Math.Min(expected.Count, actual.Count); at++)
            Assert.Equal(expected[at], actual[at]);
        Assert.Equal(expected.Count, actual.Count);
    }

    private static IEnumerable<JsonNode> Stream(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var objects = new List<JsonNode>();
        for (var at = 0; at < bytes.Length;)
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(at), new JsonReaderOptions { AllowMultipleValues = true });
            if (!reader.Read())
                break;
            objects.Add(JsonNode.Parse(ref reader)!);
            at += (int)reader.BytesConsumed;
        }

        return objects;
    }

    private static JsonNode Unlabelled(JsonNode labelled)
    {
        if (labelled["metadata"]?["labels"] is JsonObject labels)
            labels.Remove(Label);
        return labelled;
    }

    /// <summary>Keys in order, numbers by their value, and no empty labels or metadata, which kubectl adds.</summary>
    private static string Canonical(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject it => "{" + string.Join(',', it.Where(field => field is not { Key: "labels" or "metadata", Value: JsonObject { Count: 0 } or null })
            .Select(field => (field.Key, Text: Canonical(field.Value)))
            .Where(field => field is not { Key: "metadata", Text: "{}" })
            .OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{JsonValue.Create(field.Key).ToJsonString()}:{field.Text}")) + "}",
        JsonArray it => "[" + string.Join(',', it.Select(Canonical)) + "]",
        JsonValue it when it.GetValueKind() == JsonValueKind.Number => Number(it.ToJsonString()),
        JsonValue it => it.ToJsonString(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Number(string digits) => long.TryParse(digits, CultureInfo.InvariantCulture, out var whole)
        ? whole.ToString(CultureInfo.InvariantCulture)
        : double.Parse(digits, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
}
