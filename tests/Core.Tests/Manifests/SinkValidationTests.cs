using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Manifests;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Manifests;

public sealed class SinkValidationTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Ids => new(Examples.ById.Keys);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_rule_has_an_example(string id)
    {
        var spec = Examples.ById[id];
        var result = Validate(spec);
        Assert.Contains(result.Problems.Concat(result.Warnings), problem => problem.Id == id);
        Golden.Verify($"{spec.ToJsonString(Readable)}\n\n{Describe(result)}", $"validation/{id}.txt");
    }

    [Fact]
    public void The_table_of_rules_is_complete_and_its_ids_are_unique()
    {
        var rules = RuleTable.Texts.AsEnumerable().ToArray();
        Assert.Equal(rules.Length, rules.Select(rule => rule.Id).Distinct().Count());
        var ofManifests = rules.Select(rule => rule.Id).Except(RuleTable.Denials.Map(rule => rule.Id));
        Assert.Equal(ofManifests, Examples.ById.Keys.Concat(InventoryExamples.ById.Keys).Order(StringComparer.Ordinal));
        Golden.Verify(string.Concat(rules.Select(rule => $"{rule.Id} {rule.Title}\n")), "validation/rules.txt");
    }

    [Theory]
    [InlineData(PostgresSpec)]
    [InlineData(MongoDbSpec)]
    [InlineData(BigQuerySpec)]
    public void A_plain_sink_of_each_backend_has_neither_problems_nor_warnings(string spec) =>
        Assert.Equal("", Describe(Validate(With(spec))));

    [Fact]
    public void All_problems_of_a_sink_are_reported_at_once()
    {
        var spec = With(
            PostgresSpec,
            ("postgres/table", "\"\""),
            ("postgres/databaseRef/namespace", "\"kollect-system\""),
            ("bigquery", "{}"),
            ("options/role", "\"postgres\""),
            ("options/api.key", "\"x\""),
            ("options/statment_timeout", "\"1\""),
            ("exportMinInterval", "\"-1s\""),
            ("tls/insecureSkipVerify", "true"),
            ("tls/caBundle", "\"%\""),
            ("layout", "\"flat\""));
        Golden.Verify($"{spec.ToJsonString(Readable)}\n\n{Describe(Validate(spec))}", "validation/many.txt");
    }

    [Fact]
    public void The_culture_of_the_machine_changes_nothing()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            All_problems_of_a_sink_are_reported_at_once();
            Assert.Contains(Validate(With(PostgresSpec, ("options/APIKEY", "\"x\""))).Problems, problem => problem.Id == "KDB040");
            Assert.Contains(Validate(With(PostgresSpec, ("options/SESSION_AUTHORIZATION", "\"x\""))).Problems, problem => problem.Id == "KDB040");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Property(MaxTest = 500)]
    public Property Validation_of_any_sink_is_deterministic_and_agrees_with_the_parser()
    {
        var text = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(value => value ?? ""),
            Gen.Elements(
                "", " ", "\0", "\uD800", "{", "}", "{name}", "{}", "0", "-", "1h", "99999999999999999999h",
                "a:b", "://@", "http://", "http://[", "label.", "..", "true", new string('x', 5000)));
        string[] paths =
        [
            "postgres/schema", "postgres/table", "postgres/databaseRef/name", "postgres/databaseRef/namespace", "mongodb/database", "mongodb/collection",
            "bigquery/project", "bigquery/dataset", "bigquery/table", "bigquery/location", "provisioning/naming/template", "exportMinInterval", "cluster",
            "endpoint", "tls/caBundle", "serialization/format", "serialization/compression", "layout", "pathTemplate", "options/priority", "options/w",
            "options/skip_unchanged", "options/label.x", "secretRef/name",
        ];
        var change = from path in Gen.Elements(paths) from value in text select (path, value);
        var cases =
            from spec in Gen.Elements(PostgresSpec, MongoDbSpec, BigQuerySpec)
            from changes in change.ListOf()
            from key in text
            select (spec, changes, key);
        return Prop.ForAll(Arb.From(cases), given =>
        {
            var spec = With(given.spec, [.. given.changes.Select(item => (item.path, (string?)JsonValue.Create(item.value).ToJsonString()))]);
            spec["options"] ??= new JsonObject();
            spec["options"]![given.key] = "x";
            var sink = Read(spec);
            Assert.Equal(Describe(sink.Validation), Describe(Read(spec).Validation));
            Assert.Equal(sink.Validation.IsValid, sink.Spec.IsRight);
            sink.Spec.IfRight(valid => Naming
                .LocationOf(valid, new Scope("platform", "all", valid.Settings.Cluster))
                .Match(at => Assert.NotEmpty(at.Table), Assert.NotEmpty));
        });
    }

    private static ValidationResult Validate(JsonObject spec) => Read(spec).Validation;

    private static string Describe(ValidationResult result) =>
        string.Concat(result.Problems.Map(problem => $"problem {problem}\n")) + string.Concat(result.Warnings.Map(warning => $"warning {warning}\n"));
}
