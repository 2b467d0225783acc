using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;
using Kollect.Shell.Tests.Program;
using static Kollect.Shell.Tests.Operator.Manifests;

namespace Kollect.Shell.Tests.Operator;

/// <summary>
/// A tenant's server and manifests contain names that move the cursor or reorder the text. Neither the terminal, nor conditions, events, logs or
/// metrics contain such a character.
/// </summary>
public sealed class HostileTextTests
{
    /// <summary>At most 63 bytes, and everything that PostgreSQL takes: it takes any character but NUL.</summary>
    private const string Name = "r\u001b[2J\u202e\u2066\u200b\u2028\u0085\U000E0041\ufeff\n; DROP TABLE x; --\\\"";

    [Fact]
    public async Task A_remedy_with_a_hostile_name_is_plain_and_works()
    {
        var mirror = await WithRuleAsync() with { Mode = KollectDatabaseSinkMode.Existing };
        var refused = Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=2"), at: 1)).Failure);
        var gap = Assert.Single(refused.Gaps);
        AssertPlain(refused.Message + gap.What + gap.Remedy);
        Assert.Contains("\\202E", gap.Remedy, StringComparison.Ordinal);
        await mirror.Database.ExecuteAsync(gap.Remedy);
        await mirror.ExportedAsync(Mirror.Items("a=2"), at: 2);
    }

    [Fact]
    public async Task A_table_with_a_hostile_name_is_created_and_written()
    {
        var mirror = await PostgresMirror.CreateAsync() with { Table = Name };
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.ExportedAsync(Mirror.Items("a=2 b=1"), at: 1);
        Assert.Equal("a=2 b=1", await mirror.RowsAsync());
        Assert.Equal(2, await mirror.Database.ScalarAsync<long>($"SELECT count(*) FROM public.{Identifier.Quote(Name)}"));
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task The_terminal_shows_no_hidden_character(string format)
    {
        using var folder = new TemporaryFolder();
        var mirror = await WithRuleAsync();
        var manifest = folder.Write("sink\u202e.yaml", Secret(mirror.Database.Url()) + PostgresSink() + PostgresSink(
            "other", spec: $"options: {{{JsonSerializer.Serialize("a" + Name)}: {JsonSerializer.Serialize(Name)}}}"));
        var items = folder.Write("items.ndjson", new JsonObject { ["targetName"] = Name, ["uid"] = Name, ["name"] = Name, ["kind"] = Name, ["n"] = 1 }
            .ToJsonString().Replace("\"n\":1", $"\"n\":1e{new string('9', 7)}", StringComparison.Ordinal) + "\n");
        foreach (var command in (string[][])[
            ["validate"], ["plan", "--sink", "inventory"], ["probe", "--sink", "inventory"],
            ["export", "--sink", "inventory", "--inventory", "platform/all", "--items", items]])
        {
            var result = await Program.Kollect.RunAsync([.. command, "-f", manifest, "-o", format]);
            Assert.NotEqual(0, result.ExitCode);
            AssertPlain(result.Output);
            AssertPlain(result.Errors);
            if (format == "json" && result.Output.Length > 0)
                Assert.NotNull(JsonNode.Parse(result.Output));
        }
    }

    [Theory]
    [InlineData("json")]
    [InlineData("console")]
    public async Task The_operator_shows_no_hidden_character(string format)
    {
        var mirror = await WithRuleAsync();
        await using var server = await KubernetesServer.StartAsync();
        await using var program = await OperatorProgram.StartAsync(server, "--leader-election", "false", "--log-level", "debug", "--log-format", format);
        await server.ApplyAsync(Secret(mirror.Database.Url()) + PostgresSink(spec: "provisioning: {mode: existing}"));
        await SinkControllerTests.WaitAsync(server, "Ready=False", "inventory", 30);
        var sink = (await server.KubectlAsync("get", "kdb", "-o", "json")).Required;
        Assert.Contains("202E", sink, StringComparison.Ordinal);
        AssertPlain(JsonNode.Parse(sink));
        AssertPlain(JsonNode.Parse((await server.KubectlAsync("get", "events.events.k8s.io", "-o", "json")).Required));
        Assert.All(program.Log, AssertPlain);
        Assert.Contains(
            program.Log, line => line.Contains("ConnectionTestFailed", StringComparison.Ordinal) && line.Contains("202E", StringComparison.Ordinal));
        AssertPlain(await program.GetAsync("metrics"));
    }

    private static async Task<PostgresMirror> WithRuleAsync()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.Database.ExecuteAsync($"CREATE RULE {Identifier.Quote(Name)} AS ON INSERT TO inventory_items DO INSTEAD NOTHING");
        return mirror;
    }

    private static void AssertPlain(JsonNode? json)
    {
        if (json is JsonObject members)
            foreach (var (name, value) in members)
            {
                AssertPlain(name);
                AssertPlain(value);
            }
        else if (json is JsonArray items)
            foreach (var item in items)
                AssertPlain(item);
        else if (json is JsonValue it && it.TryGetValue<string>(out var text))
            AssertPlain(text);
    }

    private static void AssertPlain(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            Assert.False(
                Shown.IsHidden(rune) && rune.Value != '\n', string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4} in {Shown.PlainJson(text)}"));
    }
}
