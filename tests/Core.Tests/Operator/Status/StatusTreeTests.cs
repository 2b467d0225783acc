using System.Text;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;

namespace Kollect.Core.Tests.Operator.Status;

/// <summary>The overview of inventories, from listed objects alone.</summary>
public sealed class StatusTreeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Objects_without_a_status_wait_for_an_operator()
    {
        var tree = Tree([Inventory("shop", "all")], [Target("shop", "pods")], [Sink("shop", "db")]);
        Assert.False(tree.IsReady);
        Assert.Equal(
            [
                "inventory shop/all   waiting NoStatus: no operator has reported on it; is one running?",
                "├─ target shop/pods  waiting NoStatus: no operator has reported on it; is one running?",
                "└─ sink shop/db      waiting NoStatus: no operator has reported on it; is one running?; no rows yet in postgres public.items; "
                    + "never exported; next export on a change, a look at the rows every 30s",
            ],
            Lines(tree));
        Assert.Equal("0 of 1 inventory ready", StatusLines.Summary(tree));
    }

    [Fact]
    public void A_status_of_an_older_spec_says_nothing_about_the_spec()
    {
        var tree = Tree([Inventory("shop", "all", Ready(1), generation: 2)], [], [Sink("shop", "db", Ready(1))]);
        Assert.Equal("ChangeNotObserved", Assert.Single(tree.Inventories).State.Reason);
        Assert.Equal("ChangeNotObserved", tree.Inventories.Head.Sinks.Head.State.Reason);
        Assert.False(tree.IsReady);
    }

    [Fact]
    public void A_sink_that_does_not_exist_or_is_not_ready_is_named_at_the_inventory()
    {
        var export = """{"namespace":"shop","name":"db","lastExportTime":"2026-11-23T07:59:30Z","conditions":[CONDITION]}""".Replace(
            "CONDITION", Condition("True", "Synced", "exact"), StringComparison.Ordinal);
        var inventory = Inventory("shop", "all", Ready(1, $",\"sinkExports\":[{export}]"));
        var absent = Tree([inventory], [], []).Inventories.Head.Sinks.Head;
        Assert.Equal((StateWord.NotReady, "SinkNotFound"), (absent.State.Word, absent.State.Reason));
        var failing = Tree([inventory], [], [Sink("shop", "db", Status("False", "ConnectionTestFailed", "no answer"))]).Inventories.Head;
        Assert.Equal((StateWord.NotReady, "the sink: no answer"), (failing.Sinks.Head.State.Word, failing.Sinks.Head.State.Message));
        Assert.False(failing.IsReady);
        Assert.True(Tree([inventory], [], [Sink("shop", "db", Ready(1))]).IsReady);
    }

    [Fact]
    public void What_no_inventory_uses_is_listed_after_the_inventories_and_left_out_for_one_name()
    {
        var (inventory, sinks) = (Inventory("shop", "all", Ready(1)), new[] { Sink("shop", "db", Ready(1)), Sink("shop", "other") });
        var tree = Tree([inventory], [Target("web", "pods", Ready(1))], sinks);
        Assert.Equal("web/pods", $"{Assert.Single(tree.UnusedTargets).Name}");
        Assert.Equal("shop/other", $"{Assert.Single(tree.UnusedSinks).Name}");
        Assert.EndsWith("no inventory chooses it", Lines(tree)[^2], StringComparison.Ordinal);
        var one = StatusTree.Of(new StatusObjects(Seq1(inventory), Empty, sinks.ToSeq()), "all");
        Assert.Empty(one.UnusedSinks);
        Assert.Empty(StatusTree.Of(new StatusObjects(Seq1(inventory), Empty, Empty), "absent").Inventories);
    }

    /// <summary>A name of a table, and a message that another client wrote into a status.</summary>
    [Fact]
    public void What_others_wrote_moves_no_cursor_and_reorders_no_text()
    {
        var lines = Lines(Tree(
            [Inventory("shop", "all", Ready(1))],
            [],
            [
                Sink("shop", "db", Ready(1), table: "items\\u202e"),
                Sink("shop", "other", Status("False", "ConnectionTestFailed", "\\u001b[2J\\u202eno\\nanswer")),
            ]));
        Assert.Contains(@"no rows yet in postgres public.items\u202E; never exported", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            @"sink shop/other     not ready ConnectionTestFailed since 2026-11-23T07:00:00Z: \u001B[2J\u202Eno answer; no inventory uses it", lines[2]);
    }

    private static StatusTree Tree(InventoryObject[] inventories, TargetObject[] targets, SinkObject[] sinks) =>
        StatusTree.Of(new StatusObjects(inventories.ToSeq(), targets.ToSeq(), sinks.ToSeq()), None);

    private static string[] Lines(StatusTree tree)
    {
        var lines = StatusLines.Of(tree, Now);
        return [.. Enumerable.Zip(StatusLines.Names(lines), lines, (name, line) => $"{name}  {StatusLines.Text(line.Word)} {line.Details}")];
    }

    private static InventoryObject Inventory(string @namespace, string name, string status = "{}", int generation = 1) => InventoryObject.Read(
        Json("KollectInventory", @namespace, name, generation, """{"databaseSinkRefs":["db"]}""", status))!;

    private static TargetObject Target(string @namespace, string name, string status = "{}") => TargetObject.Read(
        Json("KollectTarget", @namespace, name, 1, """{"profileRef":"pods"}""", status))!;

    private static SinkObject Sink(string @namespace, string name, string status = "{}", string table = "items") => SinkObject.Read(Json(
        "KollectDatabaseSink", @namespace, name, 1, $$$"""{"type":"postgres","cluster":"c","postgres":{"databaseRef":{"name":"dsn"},"table":"{{{table}}}"}}""",
        status));

    private static byte[] Json(string kind, string @namespace, string name, int generation, string spec, string status) => Encoding.UTF8.GetBytes(
        $"{{\"apiVersion\":\"kollect.dev/v1alpha1\",\"kind\":\"{kind}\",\"metadata\":"
        + FormattableString.Invariant($"{{\"namespace\":\"{@namespace}\",\"name\":\"{name}\",\"generation\":{generation}}},")
        + $"\"spec\":{spec},\"status\":{status}}}");

    private static string Ready(int generation, string more = "") => FormattableString.Invariant(
        $$"""{"observedGeneration":{{generation}},"conditions":[{{Condition("True", "Synced", "exact")}}]{{more}} }""");

    private static string Status(string ready, string reason, string message) =>
        $$"""{"observedGeneration":1,"conditions":[{{Condition(ready, reason, message)}}]}""";

    private static string Condition(string ready, string reason, string message) =>
        $$"""{"type":"Ready","status":"{{ready}}","reason":"{{reason}}","message":"{{message}}","lastTransitionTime":"2026-11-23T07:00:00Z"}""";
}
