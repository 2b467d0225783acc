using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Views;

/// <summary>Typed views of MongoDB, run by the stand-in or a given server.</summary>
public sealed class MongoDbViewsTests(SharedMongoDb shared) : IClassFixture<SharedMongoDb>
{
    private const string View = "inventory_items_platform_deployments";

    private static readonly Seq<ViewAttribute> EveryType = toSeq(Enum.GetValues<ViewType>()).Map(type => new ViewAttribute($"{type}", type)).Strict();

    [Fact]
    public async Task Values_that_fit_are_typed_and_others_are_null()
    {
        var mirror = MongoDbMirror.Over(await shared.ServerAsync);
        await mirror.Server.LoadAsync(
            mirror.Database,
            mirror.Table,
            new[] { "\"12\"", "7", "2.5", "\"True\"", "\"2026-03-01T08:00:00Z\"", "\"2026-02-30T08:00:00Z\"", "[1]", "{\"a\":1}", "null", "\"\"", "\"12\\n\"" }
                .Select(it => Row($"{{\"name\":\"web\",\"attributes\":{{{string.Join(',', EveryType.Map(type => $"\"{type.Name}\":{it}"))}}}}}"))
                .Concat([Row("null"), Row("{\"attributes\":3}")]),
            mirror.Server.User);
        Assert.IsType<ViewStep.Change>((await ApplyAsync(mirror, EveryType)).Step);
        Assert.IsType<ViewStep.Unchanged>((await ApplyAsync(mirror, EveryType)).Step);
        var rows = (await mirror.Server.RowsAsync(mirror.Database, View, mirror.Server.User))
            .Select(it => JsonNode.Parse(it)!)
            .Select(row => string.Join("  ", EveryType.Filter(it => row[it.Name] is not null).Map(it => $"{it.Name}={row[it.Name]!.ToJsonString()}")));
        Golden.Verify(string.Join('\n', rows.Select(it => it.Length == 0 ? "nothing" : it).Order(StringComparer.Ordinal)), "mongodb/view-values.txt");
    }

    [Fact]
    public async Task Hostile_names_become_fields_and_a_view_of_somebody_else_is_never_touched()
    {
        var mirror = MongoDbMirror.Over(await shared.ServerAsync);
        var attributes = toSeq(HostileNames.All).Map(name => new ViewAttribute(name, ViewType.Text)).Strict();
        var plan = await ApplyAsync(mirror, attributes);
        Assert.IsType<ViewStep.Change>(plan.Step);
        Assert.IsType<ViewStep.Change>((await ApplyAsync(mirror, EveryType)).Step);
        Golden.Verify(string.Join('\n', plan.Remarks), "mongodb/view-hostile-names.txt");

        var other = MongoDbMirror.Over(await shared.ServerAsync);
        await other.Server.CommandAsync(other.Database, $$"""{"create":"{{View}}","viewOn":"theirs","pipeline":[]}""", other.Server.User);
        var refused = Assert.IsType<ViewStep.Refused>((await ApplyAsync(other, EveryType)).Step);
        Assert.Contains("it is not touched", refused.Refusal.What, StringComparison.Ordinal);
        var existing = MongoDbMirror.Over(await shared.ServerAsync) with { Mode = KollectDatabaseSinkMode.Existing };
        Assert.Contains(
            "provisioning.mode is existing",
            Assert.IsType<ViewStep.Refused>((await ApplyAsync(existing, EveryType)).Step).Refusal.What,
            StringComparison.Ordinal);
    }

    private static string Row(string payload) =>
        $$"""{"inventory_namespace":"platform","inventory_name":"all","target_name":"deployments","source_uid":"{{Uid(payload)}}","payload":{{payload}}}""";

    private static string Uid(string payload) => Convert.ToHexString(Encoding.UTF8.GetBytes(payload));

    private static async Task<ViewPlan> ApplyAsync(MongoDbMirror mirror, Seq<ViewAttribute> attributes)
    {
        await using var destination = mirror.Open();
        var result = await destination.ApplyViewsAsync(Seq1(new TargetView("platform", "deployments", attributes)), TestContext.Current.CancellationToken);
        return Assert.Single(Assert.IsType<ViewsResult.Applied>(result).Views);
    }
}
