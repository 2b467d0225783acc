using System.Text;
using Kollect.Shell.Manifests;

namespace Kollect.Shell.Tests.Manifests;

public sealed class ManifestReaderTests : IDisposable
{
    private const string Secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n";

    private readonly string folder = Directory.CreateTempSubdirectory("kollect-manifests").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_folder_is_read_in_ordinal_order_without_subfolders_and_other_files()
    {
        Write("b.yaml", Reading.Head);
        Write("B.yml", Reading.Head);
        Write("a.json", """{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "json"}}""");
        Write("c.txt", "a: [");
        Write("deeper/d.yaml", Reading.Head);
        var set = await Read(folder);
        Assert.Empty(set.Problems);
        Assert.Equal(["B.yml", "a.json", "b.yaml"], set.Documents.Map(document => Path.GetFileName(document.Source.File)).ToArray());
    }

    [Fact]
    public async Task Sources_are_read_in_order_and_stdin_at_its_position()
    {
        Write("a.yaml", Reading.Head);
        using var stdin = new MemoryStream(Encoding.UTF8.GetBytes(Reading.Head));
        var set = await ManifestReader.ReadAsync(["-", Path.Combine(folder, "a.yaml")], stdin, TestContext.Current.CancellationToken);
        Assert.Equal(["-", "a.yaml"], set.Documents.Map(document => Path.GetFileName(document.Source.File)).ToArray());
        Assert.True(stdin.CanRead);
    }

    [Fact]
    public async Task Stdin_can_be_named_only_once() =>
        Assert.Equal(
            ["-: holds no object", "-: is given twice, but standard input can be read only once; remove one"],
            (await Read("-", "-")).Problems.Map(problem => problem.ToString()).ToArray());

    [Fact]
    public async Task A_missing_file_an_empty_folder_and_an_invalid_path_are_named()
    {
        var missing = Path.Combine(folder, "missing.yaml");
        Assert.Equal(
            [$"{missing}: does not exist", $"{folder}: the folder has no *.yaml, *.yml or *.json; its subfolders are searched with -R only", ": is not a path"],
            (await Read(missing, folder, "")).Problems.Map(problem => problem.ToString()).ToArray());
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_named()
    {
        var file = Write("a.yaml", Reading.Head);
        using var locked = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal($"{file}: cannot be read: the system refuses it (IOException)", Assert.Single((await Read(file)).Problems).ToString());
    }

    [Fact]
    public async Task The_problems_of_a_folder_of_broken_files()
    {
        Write("alias-inside-itself.yaml", Secret + "x: &x [*x]\n");
        Write("alias-unknown.yaml", Secret + "x: *unknown\n");
        Write("api-version-missing.yaml", "kind: Secret\nmetadata: {name: a}\n");
        Write("api-version-unsupported.yaml", "# sink\napiVersion: kollect.dev/v1\nkind: KollectDatabaseSink\nmetadata: {name: a}\n");
        Write("bracket.yaml", Secret + "x: [1, 2\n");
        Write("colon.yaml", Secret + "x: a: b\n");
        Write("duplicates.yaml", Secret + "x:\n  mode: a\n  other: b\n  mode: c\ntype: A\ntype: B\n");
        Write("indentation.yaml", Secret + "x:\n    a: 1\n  b: 2\n");
        Write("infinite.yaml", Secret + "x: .inf\n");
        Write("key-of-braces.yaml", Secret + "x: {{a}}: 1\n");
        Write("kind-missing.yaml", "apiVersion: v1\nmetadata: {name: a}\n");
        Write("list.yaml", "- a\n- b\n");
        Write("list-of-broken-items.yaml", "apiVersion: v1\nkind: List\nitems:\n- text\n- apiVersion: v1\n  kind: Secret\n");
        Write("merge.yaml", Secret + "x:\n  <<: text\n");
        Write("name-is-a-number.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  namespace: a\n  name: 12\n");
        Write("namespace-is-a-number.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: 12\n");
        Write("quote.yaml", Secret + "x: \"open\ny: 1\n");
        Write("quote.json", "{\n  \"apiVersion\": \"v1,\n}\n");
        Write("second-document.yaml", Secret + "---\nx: @at\n---\n" + Secret);
        Write("tab.yaml", Secret + "x:\n\ty: 1\n");
        Write("tag.yaml", Secret + "x: !vault a\n");
        Write("text.yaml", "hello\n");
        Write("too-deep.yaml", Secret + "x: " + new string('[', 100) + new string(']', 100) + "\n");
        Write("too-large.yaml", Secret + "x: &x " + new string('a', 1024 * 1024) + "\ny: [*x, *x]\n");
        File.WriteAllBytes(Path.Combine(folder, "latin-1.yaml"), Encoding.Latin1.GetBytes(Secret + "x: Grüße\n"));
        Write("again.yaml", Secret + "---\n" + Secret.Replace("name: a", "name: twice", StringComparison.Ordinal));
        Write("again-in-another-file.yaml", Secret.Replace("name: a", "name: twice", StringComparison.Ordinal));
        Write("misspelt.yaml", "apiVersion: kollect.dev/v1alpha1\nkind: KollectDatabasSink\nmetadata: {name: a}\n");
        Write("name-is-impossible.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: My_Secret, namespace: Team.A}\n");
        Write("sink-without-a-version.yaml", "kind: KollectDatabaseSink\nmetadata: {name: a}\n");
        Write("sink-without-a-kind.yaml", "apiVersion: kollect.dev/v1alpha1\nmetadata: {name: a}\n");
        Write("sink-with-a-generated-name.yaml", "apiVersion: kollect.dev/v1alpha1\nkind: KollectDatabaseSink\nmetadata: {generateName: a-}\n");
        Write("binary.yaml", Secret + "x: !!binary zzz!\ny: !!binary /w==\n");
        Write("values.yaml", "replicas: 3\n");
        File.WriteAllText(Path.Combine(folder, "utf-32.yaml"), Secret, Encoding.UTF32);
        File.WriteAllBytes(Path.Combine(folder, "utf-16-without-a-mark.yaml"), Encoding.Unicode.GetBytes(Secret));
        var known = KnownDocuments.Of(await Read(folder));
        var lines = known.Problems.Map(problem => $"{problem}").Concat(known.Warnings.Map(warning => $"warning {warning}"))
            .Select(line => line.Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        Golden.Verify(string.Join('\n', lines), "manifests/broken.txt");
    }

    /// <summary>kubernetes/kubernetes#44501: a Job has a generated name; kueue#724: a patch has no metadata.</summary>
    [Theory]
    [InlineData("metadata: {generateName: hook-}\n")]
    [InlineData("spec: {}\n")]
    [InlineData("metadata: {name: 12, namespace: [a]}\n")]
    [InlineData("metadata: text\n")]
    [InlineData("metadata: {name: Not_A_Name}\n")]
    [InlineData("x: .inf\n")]
    [InlineData("x: !vault a\n")]
    [InlineData("x: !GetAtt {a: b}\n")]
    [InlineData("x: *unknown\n")]
    [InlineData("x: &x [*x]\n")]
    [InlineData("x: {<<: text}\n")]
    [InlineData("x: {a: 1, a: 2}\n")]
    [InlineData("x: !!int text\n")]
    public async Task Whatever_is_broken_in_an_object_of_another_kind_is_not_looked_at(string broken)
    {
        Write("foreign.yaml", $"apiVersion: batch/v1\nkind: Job\n{broken}---\n{Secret}");
        var known = KnownDocuments.Of(await Read(folder));
        Assert.Empty(known.Problems);
        Assert.Empty(known.Warnings);
        Assert.Equal(["Job"], known.Foreign.Map(document => document.Kind).ToArray());
        Assert.Equal(["Secret default/a"], known.Documents.Map(document => document.ToString()).ToArray());
    }

    [Fact]
    public async Task Large_deep_and_Latin_1_objects_of_another_kind_are_not_looked_at()
    {
        Write("large.yaml", Reading.Head + "x: " + new string('a', 4 * 1024 * 1024) + "\n");
        Write("deep.yaml", Reading.Head + "x: " + new string('[', 1_900) + new string(']', 1_900) + "\n");
        File.WriteAllBytes(Path.Combine(folder, "latin-1.yaml"), Encoding.Latin1.GetBytes(Reading.Head + "x: Grüße\n"));
        Write("secret.yaml", Secret);
        var known = KnownDocuments.Of(await Read(folder));
        Assert.Empty(known.Problems);
        Assert.Equal((3, 1), (known.Foreign.Count, known.Documents.Count));
    }

    /// <summary>kubernetes-client/python#1617: the items of a typed list have neither kind nor apiVersion.</summary>
    [Fact]
    public async Task Sinks_of_a_typed_list_take_their_type_from_it()
    {
        Write("sinks.yaml", """
            apiVersion: kollect.dev/v1alpha1
            kind: KollectDatabaseSinkList
            items:
            - metadata: {name: first}
              spec: {type: postgres, postgres: {databaseRef: {name: db}, table: items}}
            - kind: Secret
              apiVersion: v1
              metadata: {name: db}
            """);
        var known = KnownDocuments.Of(await Read(folder));
        Assert.Empty(known.Problems);
        Assert.Equal(["KollectDatabaseSink default/first", "Secret default/db"], known.Documents.Map(document => document.ToString()).ToArray());
        Assert.Equal("kollect.dev/v1alpha1", known.Documents.Head.ApiVersion);
    }

    /// <summary>Each star doubled the time.</summary>
    [Fact]
    public async Task A_pattern_of_many_stars_is_matched_in_a_moment()
    {
        Write(new string('a', 200), Reading.Head);
        var stars = string.Concat(Enumerable.Repeat("*a", 60));
        Assert.EndsWith("matches no file", Assert.Single((await Read($"{folder}/{stars}*b")).Problems).Message, StringComparison.Ordinal);
        Assert.Single((await Read($"{folder}/{stars}*")).Documents);
    }

    [Fact]
    public async Task Lists_of_files_and_patterns_are_expanded_as_by_kubectl()
    {
        foreach (var name in new[] { "a.yaml", "b.yaml", "c-1.json", "c-2.txt", ".hidden.yaml", "x,y.yaml", "deeper/a.yaml", "deepest/b.yaml" })
            Write(name, Reading.Head);
        foreach (var (source, files) in new (string, string[])[]
        {
            ("a.yaml,b.yaml", ["a.yaml", "b.yaml"]),
            ("b.yaml,a.yaml,b.yaml", ["b.yaml", "a.yaml", "b.yaml"]),
            ("\"a.yaml\",b.yaml", ["a.yaml", "b.yaml"]),
            ("x,y.yaml", ["x,y.yaml"]),
            ("c-?.*", ["c-1.json", "c-2.txt"]),
            ("[ab].yaml", ["a.yaml", "b.yaml"]),
            ("[^a-b]-[0-1].json", ["c-1.json"]),
            ("*.yaml", [".hidden.yaml", "a.yaml", "b.yaml", "x,y.yaml"]),
            ("deep*/?.yaml", ["deeper/a.yaml", "deepest/b.yaml"]),
            ("deep*", ["deeper/a.yaml", "deepest/b.yaml"]),
        })
        {
            var set = await Read(source.StartsWith('"') ? $"\"{folder}/a.yaml\",{folder}/b.yaml" : string.Join(',', source == "x,y.yaml"
                ? [$"{folder}/{source}"]
                : source.Split(',').Select(part => $"{folder}/{part}")));
            Assert.Empty(set.Problems);
            Assert.Equal(files, set.Documents.Map(document => Path.GetRelativePath(folder, document.Source.File)).ToArray());
        }

        Assert.EndsWith("/*.yml: matches no file", Assert.Single((await Read($"{folder}/*.yml")).Problems).ToString(), StringComparison.Ordinal);
        var missing = Assert.Single((await Read($"{folder}/a.yaml,{folder}/no.yaml")).Problems);
        Assert.EndsWith("/no.yaml: does not exist", missing.ToString(), StringComparison.Ordinal);
        Assert.Contains("is a URL", Assert.Single((await Read("https://example.com/sink.yaml")).Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_among_others_is_no_problem()
    {
        Write("a.yaml", "# Source: chart/templates/off.yaml\n---\n");
        Write("b.yaml", Reading.Head);
        Assert.Empty((await Read(folder)).Problems);
        Assert.EndsWith("a.yaml: holds no object", Assert.Single((await Read(Path.Combine(folder, "a.yaml"))).Problems).ToString(), StringComparison.Ordinal);
    }

    private static Task<ManifestSet> Read(params string[] sources) =>
        ManifestReader.ReadAsync(sources, Stream.Null, TestContext.Current.CancellationToken);

    private string Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }
}
