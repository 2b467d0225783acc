using System.Text.RegularExpressions;

namespace Kollect.Core.Tests;

/// <summary>The folders of Core, of Shell's library and of the operator are layers: a file uses its own layer and those below it, never one above.</summary>
public sealed partial class LayerTests
{
    // Ordered from the lowest layer. A new folder has to be added to these lists, or the test fails.
    private static readonly string[] Core =
    [
        "Formatting", "Kubernetes", "Secrets", "Failures", "Snapshots", "Views", "Sinks", "Exports", "Backends", "Collection", "Inventories",
        "Manifests", "Operator", "Explanations",
    ];

    private static readonly string[] Library = ["Snapshots", "Manifests", "Concurrency", "Exports", "Backends"];

    private static readonly string[] Operator = ["Telemetry", "Kubernetes", "Collection", "Controllers"];

    [Fact]
    public void No_layer_of_Core_uses_one_above_it() => Assert.Empty(Upward("Core", MentionedInCore(), Core));

    [Fact]
    public void No_layer_of_the_library_uses_one_above_it() => Assert.Empty(Upward("Shell/Library", MentionedInLibrary(), Library));

    [Fact]
    public void No_layer_of_the_operator_uses_one_above_it() => Assert.Empty(Upward("Shell/Operator", MentionedInOperator(), Operator));

    [Fact]
    public void The_READMEs_list_the_layers_in_their_order()
    {
        Assert.Equal(Core, Listed("Core/README.md"));
        Assert.Equal(Library.Concat(Operator), Listed("Shell/README.md"));
    }

    private static IEnumerable<string> Upward(string folder, Regex mentioned, string[] layers) =>
        from file in Directory.EnumerateFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories)
        let parts = Path.GetRelativePath(Repository.At(folder), file).Split(Path.DirectorySeparatorChar)
        where parts.Length > 1 && parts[0] is not ("obj" or "bin")
        from used in mentioned.Matches(File.ReadAllText(file)).Select(match => match.Groups["layer"].Value).Distinct()
        where Layer(layers, used) > Layer(layers, parts[0])
        select $"{folder}/{string.Join('/', parts)} uses {used}, a layer above {parts[0]}";

    private static int Layer(string[] layers, string name) =>
        System.Array.IndexOf(layers, name) is >= 0 and var index
            ? index
            : throw new InvalidOperationException($"{name} is no layer: give it a place in LayerTests and in the folder's README");

    /// <summary><c>using Kollect.Core.Sinks;</c>, <c>Kollect.Core.Backends.Postgres.Plan</c>, <c>Backends.Postgres.Plan</c>.</summary>
    [GeneratedRegex(@"Kollect\.Core\.(?<layer>[A-Z]\w*)[.;]|(?<![\w.])(?<layer>Backends|Inventories|Manifests|Operator|Explanations)\.[A-Z]")]
    private static partial Regex MentionedInCore();

    /// <summary>Core's layers have the same names, so that only the full name identifies a layer.</summary>
    [GeneratedRegex(@"Kollect\.Shell\.(?<layer>[A-Z]\w*)[.;]")]
    private static partial Regex MentionedInLibrary();

    [GeneratedRegex(@"Kollect\.Operator\.(?<layer>[A-Z]\w*)[.;]")]
    private static partial Regex MentionedInOperator();

    /// <summary>Lines of the form <c>1. `Formatting/` …</c>.</summary>
    private static IEnumerable<string> Listed(string readme) =>
        File.ReadLines(Repository.At(readme))
            .Select(line => ListedLayer().Match(line))
            .Where(match => match.Success)
            .Select(match => match.Groups["layer"].Value);

    [GeneratedRegex(@"^\d+\. `(?<layer>\w+)/`")]
    private static partial Regex ListedLayer();
}
