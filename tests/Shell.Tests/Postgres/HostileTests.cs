using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Postgres;
using Kollect.Core.Rows;
using Kollect.Core.Sinks;
using Kollect.Shell.Items;

namespace Kollect.Shell.Tests.Postgres;

/// <summary>Poison: stored exactly, or counted and named; never a failed snapshot because of one item.</summary>
public sealed class HostileTests
{
    [Theory]
    [InlineData("x\"; DROP TABLE inventory_items; --")]
    [InlineData("Ünïcödé 🦊")]
    [InlineData("select")]
    [InlineData("it's\\a\\name")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")] // 63 bytes
    public async Task Any_identifier_is_quoted(string name)
    {
        var mirror = await Mirror.CreateAsync() with { Schema = name, Table = name };
        await mirror.Database.ExecuteAsync($"CREATE SCHEMA {Identifier.Quote(name)}");
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        await mirror.ExportedAsync(Mirror.Items("b=3"), at: 1);
        await (mirror with { Mode = ProvisioningMode.Existing }).ExportedAsync(Mirror.Items("b=4"), at: 2);
        Assert.Equal("b=4", await mirror.RowsAsync());
    }

    [Fact]
    public async Task Every_poisonous_item_is_stored_or_named_and_the_rest_is_written()
    {
        string[] good =
        [
            """{"targetName":"t","uid":"1","n":12345678901234567890}""",
            $$"""{"targetName":"t","uid":"2","n":0.{{new string('1', 300)}}}""",
            """{"targetName":"t","uid":"3","\"; DROP TABLE inventory_items; --":"' \\ \" \n \t é 🦊"}""",
            """{"targetName":"t\"'\\","uid":"4'\"\\","$ref":{"a.b":null,"":[]}}""",
            $$"""{"targetName":"t","uid":"5","deep":{{new string('[', 900)}}{{new string(']', 900)}}}""",
            """{"targetName":"t","uid":"6","n":1e131071}""",
            """{"targetName":"t","uid":"7","n":[1.5e-16382,-0.0,1E400]}""",
            $$"""{"targetName":"t","uid":"{{new string('8', 2_640)}}"}""", // just within an index row
        ];
        string[] sanitized =
        [
            """{"targetName":"t","uid":"s1","a\u0000b":"\u0000"}""",
            """{"targetName":"t","uid":"s2","text":"\ud800 and \udc00"}""",
        ];
        string[] rejected =
        [
            """{"targetName":"t","uid":"r1","n":1e131073}""",
            """{"targetName":"t","uid":"r2","n":1e-16384}""",
            $$"""{"targetName":"t","uid":"r3","deep":{{new string('[', 1_000)}}{{new string(']', 1_000)}}}""",
            $$"""{"targetName":"t","uid":"{{new string('r', 2_681)}}"}""",
        ];
        foreach (var mode in new[] { ProvisioningMode.Ensure, ProvisioningMode.Existing })
        {
            var mirror = await Mirror.CreateAsync();
            await mirror.ExportedAsync(Mirror.Items("r1=old x=stale")); // creates the table; r1 stands under another target
            var outcome = await (mirror with { Mode = mode }).ExportedAsync(await ReadAsync([.. good, .. sanitized, .. rejected]), at: 1);
            Assert.Equal((14, 10, 2, 4, 2), (outcome.Items, outcome.Inserted, outcome.Sanitized, outcome.Rejected, outcome.Deleted));

            foreach (var item in good)
                Assert.Equal(1, await mirror.Database.ScalarAsync<long>(
                    $"SELECT count(*) FROM inventory_items WHERE payload = '{item.Replace("'", "''", StringComparison.Ordinal)}'::jsonb"));
            Assert.Equal("\uFFFD", await mirror.Database.ScalarAsync<string>("SELECT payload->>(U&'a\\FFFDb') FROM inventory_items WHERE source_uid = 's1'"));
        }
    }

    [Fact]
    public async Task An_identity_just_within_the_limit_of_an_index_row_is_stored_and_one_beyond_is_not()
    {
        var mirror = await Mirror.CreateAsync();
        var scope = new Scope("platform", "all", "east");
        var random = new Random(1);
        string Uid(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('!', '~'))); // does not compress
        var longest = Enumerable.Range(2_600, 200).Last(length => Limits.Instance.ObjectionToIdentity(scope, "deployments", new string('x', length)).IsNone);
        Assert.Equal(1, (await mirror.ExportedAsync([Mirror.Item(Uid(longest).Replace('"', 'q').Replace('\\', 'b'), "1")])).Inserted);

        // The server agrees with the limit: one byte-step further it refuses.
        var failed = Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync([Mirror.Item(Uid(longest + 8).Replace('"', 'q').Replace('\\', 'b'), "1")], at: 1));
        Assert.Contains("54000", failed.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_without_identity_keeps_every_row_that_looks_stale()
    {
        var mirror = await Mirror.CreateAsync();
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        var outcome = await mirror.ExportedAsync([.. Mirror.Items("a=3"), .. await ReadAsync(["""{"kind":"Pod","name":"p"}"""])], at: 1);
        Assert.True(outcome.StaleKept);
        Assert.Equal("a=3 b=2", await mirror.RowsAsync());
    }

    [Theory]
    [InlineData(ProvisioningMode.Ensure)]
    [InlineData(ProvisioningMode.Existing)]
    public async Task The_shared_items_come_back_equal(ProvisioningMode mode)
    {
        var lines = await File.ReadAllLinesAsync(SharedData.Require("items.ndjson"), TestContext.Current.CancellationToken);
        var mirror = await Mirror.CreateAsync();
        await mirror.ExportedAsync(Mirror.Items("old=1"));
        var outcome = await (mirror with { Mode = mode }).ExportedAsync(await ReadAsync(lines), at: 1);
        Assert.Equal((406, 406, 1), (outcome.Items, outcome.Inserted, outcome.Deleted));

        var stored = await mirror.Database.RowsAsync(
            "SELECT source_uid, payload::text FROM inventory_items", row => (Uid: row.GetString(0), Payload: row.GetString(1)));
        var byUid = stored.ToDictionary(row => row.Uid, row => JsonNode.Parse(row.Payload));
        Assert.All(lines, line => Assert.True(JsonNode.DeepEquals(JsonNode.Parse(line), byUid[(string)JsonNode.Parse(line)!["uid"]!])));
    }

    private static async Task<List<RowOrRejection>> ReadAsync(IEnumerable<string> lines)
    {
        var rules = new ItemRules(new Scope("platform", "all", "east"), Limits.Instance, None, false);
        var reader = await SnapshotReader.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), TestContext.Current.CancellationToken);
        var rows = new List<RowOrRejection>();
        await foreach (var row in reader.RowsAsync(rules, TestContext.Current.CancellationToken))
            rows.Add(row is RowOrRejection.Accepted { Row: var it } ? new RowOrRejection.Accepted(it with { Payload = it.Payload.ToArray() }) : row);
        return rows;
    }
}
