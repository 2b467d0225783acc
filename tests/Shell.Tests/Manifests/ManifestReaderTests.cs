using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Shell.Manifests;

namespace Kollect.Shell.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public async Task Several_documents_and_Lists_are_read_in_order()
    {
        var set = await ReadAsync(
            """
            # a comment
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a}
            ---
            ---
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Secret, metadata: {name: b, namespace: shop}}
            - apiVersion: v1
              kind: Secret
              metadata: {name: c}
            """);
        Assert.Equal(["ConfigMap default/a", "Secret shop/b", "Secret default/c"], set.Documents.Map(it => it.ToString()).ToArray());
        Assert.Empty(set.Problems);
    }

    [Fact]
    public async Task JSON_is_read_too()
    {
        var set = await ReadAsync("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},"stringData":{"url":"x: \"y\" \u00e9"}}""");
        Assert.Equal("Secret default/a", set.Documents.Head.ToString());
    }

    [Fact]
    public async Task Scalars_have_the_types_that_kubectl_gives_them()
    {
        var set = await ReadAsync(
            """
            text: abc
            quoted: "5"
            integer: 5
            long: 12345678901234567890
            decimal: 1.50
            exponent: 1e3
            yes: yes
            bool: true
            nothing:
            tilde: ~
            time: 2026-11-23T08:30:00Z
            octal: 0644
            tagged: !!str 5
            folded: >
              two
              lines
            base: &b {x: 1, y: 2}
            merged: {<<: *b, y: 3}
            """);
        Golden.Verify(Encoding.UTF8.GetString(set.Documents.Head.Json.Span).Replace(",\"", ",\n\"", StringComparison.Ordinal), "manifests/scalars.json");
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("spec", 2)]
    [InlineData("spec.options[statement_timeout]", 5)]
    [InlineData("spec.options[a.b/c]", 6)]
    [InlineData("spec.list[1].name", 9)]
    [InlineData("spec.postgres.table", 2)]
    [InlineData("status", 1)]
    public async Task A_path_is_found_on_its_line_or_its_parents(string path, int line)
    {
        var set = await ReadAsync(
            """
            kind: X
            spec:
              # comment
              options:
                statement_timeout: "1"
                a.b/c: d
              list:
              - name: x
              - name: y
            """);
        Assert.Equal(line, set.Documents.Head.Source.LineOf(path));
    }

    [Fact]
    public async Task What_cannot_be_read_is_a_located_problem()
    {
        (string, string)[] cases =
        [
            ("a tab", "a:\n\tb: 1"),
            ("a duplicate key", "a: 1\nb: 2\na: 3"),
            ("an open bracket", "a: [1, 2"),
            ("a list at the top", "- a\n- b"),
            ("a text at the top", "just text"),
            ("nothing", "# only a comment"),
            ("an unknown alias", "a: *nowhere"),
            ("an alias bomb", "a: &a [xxxxxxxxxxxxxxxxxxxx]\n" + string.Concat(Enumerable.Range(1, 8).Select(i =>
                $"{(char)('a' + i)}: &{(char)('a' + i)} [{string.Join(',', Enumerable.Repeat($"*{(char)('a' + i - 1)}", 10))}]\n"))),
            ("deep nesting", new string('[', 5_000)),
            ("a key that is a list", "[1]: 2"),
        ];
        var text = new StringBuilder();
        foreach (var (name, yaml) in cases)
            text.Append(name).Append("\n    ").Append(Assert.Single((await ReadAsync(yaml)).Problems)).Append('\n');
        Golden.Verify(text.ToString(), "manifests/problems.txt");
    }

    [Fact]
    public async Task A_missing_file_and_an_empty_folder_are_problems()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var set = await ManifestReader.ReadAsync([folder, Path.Combine(folder, "no.yaml")], Stream.Null, TestContext.Current.CancellationToken);
        Assert.Equal(2, set.Problems.Count);
        Directory.Delete(folder);
    }

    [Fact]
    public async Task A_Secret_is_decoded_and_stringData_wins()
    {
        var set = await ReadAsync(
            """
            kind: Secret
            metadata: {name: s, annotations: {a: b}}
            data: {url: c2VjcmV0LXVybA==, user: dXNlcg==}
            stringData: {user: other}
            """);
        var secret = SecretManifests.Read(set.Documents.Head).Match(Right: it => it, Left: _ => throw new InvalidOperationException());
        Assert.Equal(("secret-url", "other", "b"), (secret.Data["url"].Reveal(), secret.Data["user"].Reveal(), secret.Annotations["a"]));
        Assert.DoesNotContain("secret-url", $"{secret} {set.Documents.Head} {set}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_value_of_a_Secret_is_named_by_key_only()
    {
        var set = await ReadAsync("kind: Secret\nmetadata: {name: s}\ndata:\n  url: hunter2-is-not-base64\nstringData:\n  port: 5432\n");
        var problems = SecretManifests.Read(set.Documents.Head).Match(Right: _ => throw new InvalidOperationException(), Left: it => it);
        Assert.Equal(["-:4", "-:6"], problems.Map(it => $"{it.File}:{it.Line}").ToArray());
        Assert.DoesNotContain("hunter2", string.Concat(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Arbitrary_text_never_throws() =>
        Prop.ForAll<NonNull<string>>(text => ReadAsync(text.Get).GetAwaiter().GetResult() is not null).QuickCheckThrowOnFailure();

    private static Task<ManifestSet> ReadAsync(string yaml) =>
        ManifestReader.ReadAsync(["-"], new MemoryStream(Encoding.UTF8.GetBytes(yaml)), TestContext.Current.CancellationToken);
}
