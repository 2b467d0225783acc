using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kollect.Generators.Tests;

/// <summary>Compiles the output in projects that we do not know, as C# 12 and with the base library alone, each warning an error.</summary>
public sealed class ForeignCompilationTests
{
    /// <summary>Names that a type of ours, of the base library, or a member of a record has; two paths with one name; texts that are no XML.</summary>
    private const string Hostile = """
        widgetSpec: { type: string, description: "a </summary> & \"b\" \x01 \u2028 c */" }
        spec:
          type: object
          required: [widgetSpecMode, mode, inner, times]
          properties:
            widgetSpecMode: { type: string, minLength: 1, maxLength: 63, pattern: '^"[a-z\\]*$' }
            widgetSpecModeNames: { type: string }
            mode: { type: string, enum: ["on", "ON!", "3d", "", "class"], default: "on" }
            widgetSpecInner: { type: object, properties: { a: { type: string } } }
            inner: { type: object, default: {}, properties: { widgetSpecInner: { type: integer } } }
            system: { type: object, properties: { string: { type: string }, action: { type: boolean }, list: { type: array, items: { type: string } } } }
            console: { type: string, format: date-time }
            dateTimeOffset: { type: string, format: date-time }
            modelList: { type: array, items: { type: object, required: [x], properties: { x: { type: number, default: 1.5 } } } }
            times: { type: array, items: { type: array, items: { type: string, format: date-time } } }
            ports: { type: object, additionalProperties: { x-kubernetes-int-or-string: true } }
            modes: { type: array, items: { type: string, enum: [a, b] } }
            event: { x-kubernetes-preserve-unknown-fields: true }
            fooBar: { type: object, properties: { a: { type: string } } }
            foo: { type: object, properties: { bar: { type: object, properties: { b: { type: string } } } } }
            "日本": { type: boolean, default: true }
            namespace: { type: integer, format: int64, minimum: -9223372036854775808, default: 9223372036854775807 }
        """;

    private const string Caller = """
        namespace Caller
        {
            internal static class Program
            {
                private static string Main2(byte[] json) => Acme.Models.V1.Widget.ReadJson(json, out var problems)?.ToJson() + problems.Count;
            }
        }
        """;

    [Theory]
    [InlineData("Acme")]
    [InlineData("System")]
    [InlineData("System.Text")]
    [InlineData("Acme.System")]
    [InlineData("Acme.Models")]
    [InlineData("Acme.Models.ModelList")]
    [InlineData("my-app.2nd.class")]
    [InlineData("")]
    public void A_root_namespace_of_any_name_compiles(string root) =>
        AssertCompiles("", new() { RootNamespace = root }, ("widget.yaml", Generation.Crd(Hostile)));

    [Fact]
    public void It_is_found_below_the_root_namespace() => AssertCompiles(Caller, new() { RootNamespace = "Acme" }, ("widget.yaml", Generation.Crd(Hostile)));

    [Theory]
    [InlineData(NullableContextOptions.Disable)]
    [InlineData(NullableContextOptions.Enable)]
    public void The_nullability_of_the_project_has_no_influence(NullableContextOptions nullable) =>
        AssertCompiles(Caller, new() { RootNamespace = "Acme" }, nullable, ("widget.yaml", Generation.Crd(Hostile)));

    /// <summary>In the namespaces around the models, and imported into every file.</summary>
    [Fact]
    public void Types_and_namespaces_of_the_project_with_the_same_names_hide_nothing() => AssertCompiles(
        """
        global using Elsewhere;
        public class ModelList<T>;
        public static class ModelReader;
        public class ObjectMeta;
        public class DateTimeOffset;
        namespace Elsewhere { public class ModelMap<T>; public class Utf8JsonWriter; public static class ModelWriter; }
        namespace Acme { public class ModelList<T>; public class DateTimeOffset; public class Array; public class Regex; public class Action; }
        namespace Acme.System { public class Text; }
        namespace Acme.Collections { public class Immutable; }
        """,
        new() { RootNamespace = "Acme" },
        ("widget.yaml", Generation.Crd(Hostile)));

    [Fact]
    public void Kinds_of_two_groups_stand_side_by_side() => AssertCompiles(
        "",
        new() { RootNamespace = "Acme" },
        ("widget.yaml", Generation.Crd(Hostile)),
        ("gadget.yaml", Of("other.org", Generation.Crd(Hostile, "Gadget"))),
        ("common.yaml", Of("third.org", Generation.Crd(Hostile, "Common"))));

    [Fact]
    public void The_same_kind_of_two_groups_needs_a_namespace_for_one_of_them()
    {
        (string, string)[] files = [("a.yaml", Generation.Crd(Hostile)), ("b.yaml", Of("other.org", Generation.Crd("b: { type: string }")))];
        var problem = Generation.Run(files).Diagnostics.Single();
        Assert.Equal(("KGEN006", "b.yaml"), (problem.Id, problem.Location.GetLineSpan().Path));
        AssertCompiles(
            "class Both { Acme.Models.V1.Widget A; Gadgets.V1.Widget B; Acme.Models.ModelList<int> C; }",
            new() { RootNamespace = "Acme", KollectNamespaces = new() { ["b.yaml"] = "Gadgets" } },
            files);
    }

    [Fact]
    public void A_project_may_choose_the_namespace_of_all_models() => AssertCompiles(
        "namespace Acme.Models { public class ModelList<T>; public class ObjectMeta; } class Both { Crds.V1.Widget A; Crds.ModelList<int> B; }",
        new() { RootNamespace = "Acme", KollectNamespace = "Crds" },
        ("widget.yaml", Generation.Crd(Hostile)));

    [Fact]
    public void An_int_or_string_is_emitted_only_where_a_schema_has_one()
    {
        Assert.Contains("IntOrString.g.cs", Generation.Run(("widget.yaml", Generation.Crd(Hostile))).GeneratedSources.Select(source => source.HintName));
        const string Plain = "a: { type: string, description: IntOrString }";
        Assert.DoesNotContain("IntOrString.g.cs", Generation.Run(("widget.yaml", Generation.Crd(Plain))).GeneratedSources.Select(source => source.HintName));
        AssertCompiles(Caller, new() { RootNamespace = "Acme" }, ("widget.yaml", Generation.Crd(Plain)));
    }

    [Fact]
    public void An_older_language_is_one_error_that_says_so()
    {
        var language = new CSharpParseOptions(LanguageVersion.CSharp11);
        Generation.Driver(new Generation.Settings { RootNamespace = "Acme", Language = language }, ("widget.yaml", Generation.Crd(Hostile)))
            .RunGeneratorsAndUpdateCompilation(
            Generation.Compilation("class Program { }", language), out var compilation, out var diagnostics, TestContext.Current.CancellationToken);
        Assert.Equal("KGEN007: The models of CRDs need C# 12 or later, and the project compiles C# 11.0: set LangVersion", Described(diagnostics.Single()));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void An_older_framework_is_one_error_that_says_so()
    {
        var bare = CSharpCompilation.Create("Models");
        var diagnostics = Generation.Driver(("widget.yaml", Generation.Crd(Hostile)))
            .RunGenerators(bare, TestContext.Current.CancellationToken).GetRunResult().Diagnostics;
        Assert.Equal("KGEN007: The models of CRDs need .NET 8 or later: set TargetFramework to net8.0 or later", Described(diagnostics.Single()));
    }

    [Theory]
    [InlineData("ObjectMeta", "a: { type: string }", "generated code has a type of that name")]
    [InlineData("Widget", "widget: { type: string }", "its field widget has the same name in C#")]
    public void A_kind_that_cannot_have_its_name_is_an_error_on_its_line(string kind, string properties, string why)
    {
        var problem = Generation.Run(("widget.yaml", Generation.Crd(properties, kind))).Diagnostics.Single();
        Assert.Equal(("KGEN005", 5), (problem.Id, problem.Location.GetLineSpan().StartLinePosition.Line + 1));
        Assert.Contains(why, Described(problem), StringComparison.Ordinal);
    }

    private static void AssertCompiles(string source, Generation.Settings settings, params (string Path, string Yaml)[] files) =>
        AssertCompiles(source, settings, NullableContextOptions.Disable, files);

    private static void AssertCompiles(string source, Generation.Settings settings, NullableContextOptions nullable, params (string Path, string Yaml)[] files)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, generalDiagnosticOption: ReportDiagnostic.Error, warningLevel: 9999, nullableContextOptions: nullable,
            specificDiagnosticOptions: OfTheSourceAlone);
        Generation.Driver(settings, files).RunGeneratorsAndUpdateCompilation(
            Generation.Compilation(source, settings.Language, options), out var compilation, out var diagnostics, TestContext.Current.CancellationToken);
        Assert.Empty(diagnostics.Select(Described));
        Assert.NotEmpty(compilation.SyntaxTrees.Skip(1));
        var emitted = compilation.Emit(Stream.Null, xmlDocumentationStream: Stream.Null, cancellationToken: TestContext.Current.CancellationToken);
        var errors = emitted.Diagnostics
            .Where(it => it.Severity == DiagnosticSeverity.Error && !(it.Id == "CS1591" && it.Location.SourceTree == compilation.SyntaxTrees.First()))
            .Select(it => $"{it}\n").ToArray();
        Assert.True(errors.Length == 0, string.Concat(errors));
    }

    /// <summary>Fields of the callers that nobody assigns.</summary>
    private static Dictionary<string, ReportDiagnostic> OfTheSourceAlone => new()
    {
        ["CS0169"] = ReportDiagnostic.Suppress,
        ["CS8618"] = ReportDiagnostic.Suppress,
    };

    private static string Of(string group, string yaml) => yaml.Replace("group: example.org", $"group: {group}", StringComparison.Ordinal);

    private static string Described(Diagnostic it) => $"{it.Id}: {it.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
}
