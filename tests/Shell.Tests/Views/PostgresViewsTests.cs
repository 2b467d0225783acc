using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Views;

/// <summary>Typed views on a real PostgreSQL.</summary>
public sealed class PostgresViewsTests
{
    private const string View = "inventory_items_platform_deployments";

    private static readonly Seq<ViewAttribute> EveryType = toSeq(Enum.GetValues<ViewType>()).Map(type => new ViewAttribute($"{type}", type)).Strict();

    [Theory]
    [InlineData("\"web\"", nameof(ViewType.Text), "web")]
    [InlineData("12.50", nameof(ViewType.Text), "12.50")]
    [InlineData("true", nameof(ViewType.Text), "true")]
    [InlineData("{}", nameof(ViewType.Text), null)]
    [InlineData("[\"a\"]", nameof(ViewType.Text), null)]
    [InlineData("3", nameof(ViewType.Integer), "3")]
    [InlineData("3.00", nameof(ViewType.Integer), "3")]
    [InlineData("1e3", nameof(ViewType.Integer), "1000")]
    [InlineData("\"-7\"", nameof(ViewType.Integer), "-7")]
    [InlineData("9223372036854775807", nameof(ViewType.Integer), "9223372036854775807")]
    [InlineData("\"-9223372036854775808\"", nameof(ViewType.Integer), "-9223372036854775808")]
    [InlineData("9223372036854775808", nameof(ViewType.Integer), null)]
    [InlineData("2.5", nameof(ViewType.Integer), null)]
    [InlineData("1e400", nameof(ViewType.Integer), null)]
    [InlineData("\"\"", nameof(ViewType.Integer), null)]
    [InlineData("\"1\\n\"", nameof(ViewType.Integer), null)]
    [InlineData("\"٣\"", nameof(ViewType.Integer), null)]
    [InlineData("false", nameof(ViewType.Integer), null)]
    [InlineData("0.1", nameof(ViewType.Number), "0.1")]
    [InlineData("\"1.5e3\"", nameof(ViewType.Number), "1500")]
    [InlineData("\"1e400000\"", nameof(ViewType.Number), null)]
    [InlineData("\"NaN\"", nameof(ViewType.Number), null)]
    [InlineData("\"0x10\"", nameof(ViewType.Number), null)]
    [InlineData("false", nameof(ViewType.Boolean), "false")]
    [InlineData("\"True\"", nameof(ViewType.Boolean), "true")]
    [InlineData("\"yes\"", nameof(ViewType.Boolean), null)]
    [InlineData("1", nameof(ViewType.Boolean), null)]
    [InlineData("\"2026-03-01T08:00:00Z\"", nameof(ViewType.Timestamp), "2026-03-01 08:00:00+00")]
    [InlineData("\"2026-03-01t08:00:00.123456789+02:00\"", nameof(ViewType.Timestamp), "2026-03-01 06:00:00.123457+00")]
    [InlineData("\"2024-02-29T00:00:00Z\"", nameof(ViewType.Timestamp), "2024-02-29 00:00:00+00")]
    [InlineData("\"2000-02-29T00:00:00Z\"", nameof(ViewType.Timestamp), "2000-02-29 00:00:00+00")]
    [InlineData("\"0001-01-01T00:00:00Z\"", nameof(ViewType.Timestamp), "0001-01-01 00:00:00+00")]
    [InlineData("\"9999-12-31T23:59:59Z\"", nameof(ViewType.Timestamp), "9999-12-31 23:59:59+00")]
    [InlineData("\"1900-02-29T00:00:00Z\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"2023-02-29T00:00:00Z\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"2026-04-31T00:00:00Z\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"0000-01-01T00:00:00Z\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"0001-01-01T00:00:00+01:00\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"9999-12-31T23:59:59-01:00\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"9999-12-31T23:59:59.99999999Z\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"2026-03-01T24:00:00Z\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"2026-03-01T08:00:00+16:00\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"2026-03-01T08:00:00\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"2026-03-01\"", nameof(ViewType.Timestamp), null)]
    [InlineData("\"tomorrow\"", nameof(ViewType.Timestamp), null)]
    [InlineData("1772352000", nameof(ViewType.Timestamp), null)]
    [InlineData("[\"a\",null,{\"b\":1},2]", nameof(ViewType.List), "{a,NULL,\"{\\\"b\\\": 1}\",2}")]
    [InlineData("[]", nameof(ViewType.List), "{}")]
    [InlineData("\"a\"", nameof(ViewType.List), null)]
    [InlineData("{\"a\":1}", nameof(ViewType.Object), "{\"a\": 1}")]
    [InlineData("[1]", nameof(ViewType.Object), null)]
    [InlineData("[1]", nameof(ViewType.Json), "[1]")]
    [InlineData("null", nameof(ViewType.Json), null)]
    public async Task A_value_that_fits_is_typed_and_any_other_is_null(string json, string type, string? expected) =>
        Assert.Equal(expected, (await Shared.Value)[(json, type)]);

    /// <summary>One view over one row for each value of the theory above: a database for each of them would take minutes.</summary>
    private static readonly Lazy<Task<Dictionary<(string Json, string Type), string?>>> Shared = new(async () =>
    {
        var values = typeof(PostgresViewsTests).GetMethod(nameof(A_value_that_fits_is_typed_and_any_other_is_null))!.GetCustomAttributes(false)
            .OfType<InlineDataAttribute>().Select(it => (string)it.Data[0]!).Distinct().ToArray();
        var mirror = await MirrorAsync();
        await ApplyAsync(mirror, EveryType);
        await InsertAsync(mirror, values.Select(Everywhere));
        var found = await mirror.Database.RowsAsync(
            $"SELECT source_uid, {string.Join(", ", EveryType.Map(it => $"\"{it.Name}\"::text"))} FROM {View}",
            row => (Value: values[int.Parse(row.GetString(0), CultureInfo.InvariantCulture)],
                Columns: Enumerable.Range(1, EveryType.Count).Select(at => row.IsDBNull(at) ? null : row.GetString(at)).ToArray()));
        return found.SelectMany(row => EveryType.AsEnumerable().Select((it, at) => ((row.Value, it.Name), row.Columns[at]))).ToDictionary();
    });

    [Fact]
    public async Task No_payload_makes_the_view_fail()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var mirror = await MirrorAsync();
        await ApplyAsync(mirror, EveryType);
        await InsertAsync(mirror, Enumerable.Range(0, 2_000).Select(_ => Everywhere(SomeJson(random, 3))).Concat(
            ["null", "3", "\"text\"", "[]", "{}", "{\"attributes\":null}", "{\"attributes\":[1]}", "{\"attributes\":\"x\",\"name\":{}}"]));
        try
        {
            Assert.Equal(2_008, (await mirror.Database.RowsAsync($"SELECT it::text FROM {View} it", row => row.GetString(0))).Count);
        }
        catch (Exception failure)
        {
            Assert.Fail($"seed {seed}: {failure.Message}");
        }
    }

    [Fact]
    public async Task Hostile_names_are_quoted_cut_uniquely_and_said()
    {
        var mirror = (await MirrorAsync()) with { Table = "items \"of\" 'all' \\ Ünïcödé" };
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        var attributes = toSeq(HostileNames.All).Map(name => new ViewAttribute(name, ViewType.Text)).Strict();
        var plan = await ApplyAsync(mirror, attributes);
        Assert.IsType<ViewStep.Change>(plan.Step);
        Assert.IsType<ViewStep.Unchanged>((await ApplyAsync(mirror, attributes)).Step);
        var columns = ViewColumn.Of(attributes, new NameFit(63, rune => rune.Value != 0));
        var payload = new JsonObject
        {
            ["attributes"] = new JsonObject(
                columns.AsEnumerable().Select((it, at) => KeyValuePair.Create(it.Attribute, (JsonNode?)JsonValue.Create($"v{at}")))),
        };
        await mirror.Database.ExecuteAsync(
            $"UPDATE {Quoted(mirror.Table)} SET payload = {Literal(payload.ToJsonString())}, inventory_namespace = 'platform', target_name = 'deployments'");
        var row = JsonNode.Parse((await mirror.Database.RowsAsync($"SELECT to_jsonb(it)::text FROM {plan.Name} it", it => it.GetString(0))).Single())!;
        for (var at = 0; at < columns.Count; at++)
            Assert.Equal($"v{at}", (string?)row[columns[at].Name]);
        Golden.Verify(
            string.Join('\n', plan.Remarks.Map(it => $"-- {it}")) + "\n"
                + string.Join('\n', ((ViewStep.Change)plan.Step).Statements.Map(it => $"-- {it.Why}\n{it.Sql}")),
            "postgres/view-hostile-names.sql");
    }

    [Fact]
    public async Task A_view_of_somebody_else_is_never_touched()
    {
        var mirror = await MirrorAsync();
        foreach (var (made, said) in new[]
        {
            ($"CREATE VIEW {View} AS SELECT 1 AS mine", "it is not touched"),
            (
                $"CREATE VIEW {View} AS SELECT 1 AS mine; COMMENT ON VIEW {View} IS 'kollect: rows of target other/deployments in inventory_items; x'",
                "not touched"),
            ($"CREATE TABLE {View} (mine int)", "is no view"),
            ($"CREATE MATERIALIZED VIEW {View} AS SELECT 1 AS mine", "is no view"),
        })
        {
            await mirror.Database.ExecuteAsync(made);
            Assert.Contains(said, Refused(await ApplyAsync(mirror, EveryType)).What, StringComparison.Ordinal);
            Assert.Equal("mine", await mirror.Database.ScalarAsync<string>(
                $"SELECT attname::text FROM pg_attribute WHERE attrelid = '{View}'::regclass AND attnum = 1"));
            await mirror.Database.ExecuteAsync(made.StartsWith("CREATE T", StringComparison.Ordinal) ? $"DROP TABLE {View}"
                : made.StartsWith("CREATE M", StringComparison.Ordinal) ? $"DROP MATERIALIZED VIEW {View}" : $"DROP VIEW {View}");
        }
    }

    [Fact]
    public async Task A_changed_profile_replaces_the_view_with_its_grants_unless_something_depends_on_it()
    {
        var mirror = await MirrorAsync();
        var reader = await mirror.Database.CreateRoleAsync("reader_", "pw");
        await ApplyAsync(mirror, Seq1(new ViewAttribute("replicas", ViewType.Text)));
        await mirror.Database.ExecuteAsync($"GRANT SELECT ON {View} TO {reader}, PUBLIC");
        var first = await OidAsync(mirror);

        var appended = await ApplyAsync(mirror, Seq(new ViewAttribute("replicas", ViewType.Text), new ViewAttribute("team", ViewType.Text)));
        Assert.StartsWith("CREATE OR REPLACE VIEW", ((ViewStep.Change)appended.Step).Statements[0].Sql, StringComparison.Ordinal);
        Assert.Equal(first, await OidAsync(mirror));

        var retyped = await ApplyAsync(mirror, Seq1(new ViewAttribute("replicas", ViewType.Integer)));
        Assert.Contains("has another type", ((ViewStep.Change)retyped.Step).Statements[0].Why, StringComparison.Ordinal);
        Assert.NotEqual(first, await OidAsync(mirror));
        Assert.True(await mirror.Database.ScalarAsync<bool>($"SELECT has_table_privilege('{reader}', '{View}', 'SELECT')"));

        await mirror.Database.ExecuteAsync($"CREATE VIEW report AS SELECT replicas FROM {View}");
        var refusal = Refused(await ApplyAsync(mirror, Seq1(new ViewAttribute("replicas", ViewType.Text))));
        Assert.Contains("report depends on it", refusal.What, StringComparison.Ordinal);
        Assert.Equal("bigint", await mirror.Database.ScalarAsync<string>("SELECT pg_typeof(replicas)::text FROM (SELECT 1) one LEFT JOIN report ON true"));
    }

    [Fact]
    public async Task Mode_existing_makes_no_view_and_gives_its_text()
    {
        var mirror = await MirrorAsync();
        await mirror.Database.LogEveryStatementAsync();
        var refusal = Refused(await ApplyAsync(mirror with { Mode = KollectDatabaseSinkMode.Existing }, EveryType));
        Assert.Contains("provisioning.mode is existing", refusal.What, StringComparison.Ordinal);
        Assert.DoesNotContain(
            await mirror.Database.LoggedStatementsAsync(), it => it.Contains("CREATE VIEW \"public\".\"inventory_items", StringComparison.Ordinal));
        await mirror.Database.ExecuteAsync(refusal.Remedy);
        Assert.IsType<ViewStep.Unchanged>((await ApplyAsync(mirror with { Mode = KollectDatabaseSinkMode.Existing }, EveryType)).Step);
    }

    [Fact]
    public async Task Without_the_right_to_create_or_without_the_table_it_is_refused_with_the_remedy()
    {
        var mirror = await MirrorAsync();
        var role = await mirror.Database.CreateRoleAsync("writer_", "pw");
        await mirror.Database.ExecuteAsync($"GRANT SELECT, INSERT, UPDATE, DELETE ON inventory_items TO {role}; REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        var limited = mirror with { Url = mirror.Database.Url(role, "pw") };
        Assert.StartsWith("GRANT CREATE ON SCHEMA \"public\"", Refused(await ApplyAsync(limited, EveryType)).Remedy, StringComparison.Ordinal);
        Assert.Contains("does not exist", Refused(await ApplyAsync(mirror with { Table = "missing" }, EveryType)).What, StringComparison.Ordinal);
    }

    private static async Task<PostgresMirror> MirrorAsync()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.Database.ExecuteAsync("DELETE FROM inventory_items");
        return mirror;
    }

    private static async Task<ViewPlan> ApplyAsync(PostgresMirror mirror, Seq<ViewAttribute> attributes)
    {
        await using var destination = mirror.Open();
        var result = await destination.ApplyViewsAsync(
            Seq1(new TargetView("platform", "deployments", attributes)), TestContext.Current.CancellationToken);
        return Assert.Single(Assert.IsType<ViewsResult.Applied>(result).Views);
    }

    private static Refusal Refused(ViewPlan plan) => Assert.IsType<ViewStep.Refused>(plan.Step).Refusal;

    private static Task<uint> OidAsync(PostgresMirror mirror) => mirror.Database.ScalarAsync<uint>($"SELECT '{View}'::regclass::oid");

    private static string Everywhere(string json) =>
        $"{{\"name\":\"web\",\"attributes\":{{{string.Join(',', EveryType.Map(it => $"\"{it.Name}\":{json}"))}}}}}";

    private static Task InsertAsync(PostgresMirror mirror, IEnumerable<string> payloads) => mirror.Database.ExecuteAsync(
        "INSERT INTO inventory_items (inventory_namespace, inventory_name, target_name, source_uid, payload, exported_at) VALUES\n"
        + string.Join(",\n", payloads.Select((payload, at) =>
            string.Create(CultureInfo.InvariantCulture, $"('platform', 'all', 'deployments', '{at}', {Literal(payload)}, now())"))));

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static readonly string[] Almost =
    [
        "1", "-", "", "1e5", "1e131071", "9223372036854775808", "true", "FALSE", "null", "NaN", "Infinity", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:60Z", "9999-12-31T23:59:59.9999999Z", "0000-00-00T00:00:00Z", "now", "infinity", "allballs", "0.0000000000000000000000000000001",
    ];

    /// <summary>Values that almost fit, damaged ones, and anything else.</summary>
    private static string SomeJson(Random random, int depth)
    {
        switch (random.Next(depth == 0 ? 6 : 8))
        {
            case 0:
                return JsonSerializer.Serialize(Almost[random.Next(Almost.Length)]);
            case 1:
                var text = new StringBuilder(Almost[random.Next(Almost.Length)]);
                text.Insert(random.Next(text.Length + 1), "0123456789-+.:TZteE \n\t٣é\"\\"[random.Next(26)]);
                return JsonSerializer.Serialize(text.ToString());
            case 2:
                return random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture);
            case 3:
                return string.Create(CultureInfo.InvariantCulture, $"{random.Next(-99, 99)}.{random.Next(1000)}e{random.Next(-400, 400)}");
            case 4:
                return new[] { "true", "false", "null", "-0", "1e1000", "0.1e-1000" }[random.Next(6)];
            case 5:
                return new string('9', random.Next(1, 1_000));
            case 6:
                return $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => SomeJson(random, depth - 1)))}]";
            default:
                return $"{{{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(at => $"\"k{at}\":{SomeJson(random, depth - 1)}"))}}}";
        }
    }
}
