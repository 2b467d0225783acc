using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Shell.Manifests;

namespace Kollect.Shell.Tests.Manifests;

public class ManifestPropertyTests
{
    private static readonly string[] Texts =
    [
        "", " ", "yes", "null", "~", "12", "1e3", "0x1", "2026-01-02", "a: b", "- a", "#", "a #b", "*a", "&a", "!a", "<<", "%", "@", "---",
        "a\nb", "\ttab", "é", "🌍", "\"", "'", "\\", "{", "]", "\0", "\u0085", "\u2028", "\uFEFF", "true",
    ];

    private static readonly string[] Numbers = ["0", "-0", "1", "-17", "1.50", "1e3", "1.25E-7", "123456789012345678901234567890", "0.10"];

    private static readonly string[] Fragments =
    [
        "a", ":", ": ", "- ", "\n", "\n  ", "\t", "{", "}", "[", "]", ",", "\"", "'", "|", ">", "&a ", "*a", "<<: ", "!", "!!int ", "? ", "#",
        "---\n", "...\n", "%YAML 1.1\n", "\\", "\"\\ud800\"", "\\x", "\0", "\uD800", "\uFEFF", "\r", "\u2028", "kind: List\n", "items:\n",
        Reading.Head, "1", ".inf", "@", "`",
    ];

    private static Gen<Tree> Trees(int depth)
    {
        var scalar = Gen.OneOf(
            Gen.Elements(Texts).Select(Tree (text) => new Tree.Text(text)),
            Gen.Elements((string[])[.. Numbers, "true", "false", "null"]).Select(Tree (text) => new Tree.Plain(text)));
        return depth == 0 ? scalar : Gen.OneOf(
            scalar,
            Trees(depth - 1).ListOf().Select(Tree (items) => new Tree.Items([.. items.Take(4)])),
            Trees(depth - 1).ListOf().Select(Tree (items) => new Tree.Fields([.. items.Take(4).Select((item, at) => (Texts[(at * 7) % Texts.Length], item))])));
    }

    [Property]
    public Property A_tree_written_as_YAML_reads_back_as_the_same_JSON() =>
        Prop.ForAll(Arb.From(Trees(3)), Arb.From(Gen.Elements(true, false)), (tree, flow) =>
        {
            var yaml = Reading.Head + "x:" + (flow ? " " + tree.Flow() : tree.Block(1)) + "\n";
            var json = Reading.Value(yaml[(Reading.Head.Length + 2)..]);
            return Same(tree.Flow(), json);
        });

    [Property(MaxTest = 2000)]
    public Property Hostile_text_never_throws_and_each_problem_has_a_line() =>
        Prop.ForAll(Arb.From(Gen.Elements(Fragments).ListOf()), fragments =>
        {
            var set = ManifestText.Read("a.yaml", Encoding.UTF8.GetBytes(string.Concat(fragments)));
            foreach (var document in set.Documents)
                document.Json.IfRight(json => System.Text.Json.JsonDocument.Parse(json).Dispose());
            return Kollect.Core.Sequences.Join(set.Problems, set.Documents.Bind(document => document.Json.LeftToSeq()).Bind(problems => problems))
                .ForAll(problem => problem.Line > 0 && !problem.Message.Contains('\n'));
        });

    [Property]
    public bool Hostile_bytes_never_throw(byte[] bytes) => ManifestText.Read("a.yaml", bytes).Problems.ForAll(problem => problem.Line > 0);

    // Compares both sides as parsed by .NET's JSON reader; numbers are compared by their digits.
    private static bool Same(string expected, string actual)
    {
        using var left = System.Text.Json.JsonDocument.Parse(expected);
        using var right = System.Text.Json.JsonDocument.Parse(actual);
        return Plain(left.RootElement) == Plain(right.RootElement);
    }

    private static string Plain(System.Text.Json.JsonElement json) => json.ValueKind switch
    {
        System.Text.Json.JsonValueKind.Object =>
            "{" + string.Join(',', json.EnumerateObject().Select(field => Tree.Quote(field.Name) + ":" + Plain(field.Value))) + "}",
        System.Text.Json.JsonValueKind.Array => "[" + string.Join(',', json.EnumerateArray().Select(Plain)) + "]",
        System.Text.Json.JsonValueKind.String => Tree.Quote(json.GetString()!),
        _ => json.GetRawText(),
    };

    /// <summary>A JSON value, and two ways to write it as YAML.</summary>
    private abstract record Tree
    {
        public sealed record Text(string Value) : Tree;

        public sealed record Plain(string Value) : Tree;

        public sealed record Items(Tree[] Values) : Tree;

        public sealed record Fields((string Key, Tree Value)[] Values) : Tree;

        public string Flow() => this switch
        {
            Text text => Quote(text.Value),
            Plain plain => plain.Value,
            Items items => "[" + string.Join(", ", items.Values.Select(item => item.Flow())) + "]",
            Fields fields => "{" + string.Join(", ", fields.Values.Select(field => Quote(field.Key) + ": " + field.Value.Flow())) + "}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

        public string Block(int indent) => this switch
        {
            Items { Values.Length: > 0 } items => string.Concat(items.Values.Select(item => Line(indent) + "-" + item.Block(indent + 1))),
            Fields { Values.Length: > 0 } fields =>
                string.Concat(fields.Values.Select(field => Line(indent) + Quote(field.Key) + ":" + field.Value.Block(indent + 1))),
            _ => " " + Flow(),
        };

        public static string Quote(string text) => "\"" + string.Concat(text.Select(letter =>
            letter is '"' or '\\' ? "\\" + letter
            : letter is >= ' ' and <= '~' ? letter.ToString()
            : "\\u" + ((int)letter).ToString("x4", CultureInfo.InvariantCulture))) + "\"";

        private static string Line(int indent) => "\n" + new string(' ', 2 * indent);
    }
}
