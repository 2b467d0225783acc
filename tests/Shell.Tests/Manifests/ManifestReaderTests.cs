using System.Text;
using Kollect.Shell.Manifests;

namespace Kollect.Shell.Tests.Manifests;

public sealed class ManifestReaderTests : IDisposable
{
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
            [$"{missing}: does not exist", $"{folder}: the folder has no *.yaml, *.yml or *.json; its subfolders are not searched", ": is not a path"],
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
        Write("alias-inside-itself.yaml", Reading.Head + "x: &x [*x]\n");
        Write("alias-unknown.yaml", Reading.Head + "x: *unknown\n");
        Write("api-version-missing.yaml", "kind: Secret\nmetadata: {name: a}\n");
        Write("api-version-unsupported.yaml", "# sink\napiVersion: kollect.dev/v1\nkind: KollectDatabaseSink\nmetadata: {name: a}\n");
        Write("bracket.yaml", Reading.Head + "x: [1, 2\n");
        Write("colon.yaml", Reading.Head + "x: a: b\n");
        Write("duplicates.yaml", Reading.Head + "x:\n  mode: a\n  other: b\n  mode: c\nkind: B\n");
        Write("indentation.yaml", Reading.Head + "x:\n    a: 1\n  b: 2\n");
        Write("infinite.yaml", Reading.Head + "x: .inf\n");
        Write("key-of-braces.yaml", Reading.Head + "x: {{a}}: 1\n");
        Write("kind-missing.yaml", "apiVersion: v1\nmetadata: {name: a}\n");
        Write("list.yaml", "- a\n- b\n");
        Write("list-of-broken-items.yaml", "apiVersion: v1\nkind: List\nitems:\n- text\n- apiVersion: v1\n  kind: Secret\n");
        Write("merge.yaml", Reading.Head + "x:\n  <<: text\n");
        Write("name-is-a-number.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  namespace: a\n  name: 12\n");
        Write("namespace-is-a-number.yaml", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  namespace: 12\n");
        Write("quote.yaml", Reading.Head + "x: \"open\ny: 1\n");
        Write("quote.json", "{\n  \"apiVersion\": \"v1,\n}\n");
        Write("second-document.yaml", Reading.Head + "---\nx: @at\n---\n" + Reading.Head);
        Write("tab.yaml", Reading.Head + "x:\n\ty: 1\n");
        Write("tag.yaml", Reading.Head + "x: !vault a\n");
        Write("text.yaml", "hello\n");
        Write("too-deep.yaml", Reading.Head + "x: " + new string('[', 100) + new string(']', 100) + "\n");
        Write("too-large.yaml", Reading.Head + "x: &x " + new string('a', 1024 * 1024) + "\ny: [*x, *x]\n");
        File.WriteAllBytes(Path.Combine(folder, "latin-1.yaml"), Encoding.Latin1.GetBytes(Reading.Head + "x: Grüße\n"));
        var problems = (await Read(folder)).Problems
            .Map(problem => problem.ToString().Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));
        Golden.Verify(string.Join('\n', problems), "manifests/broken.txt");
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
