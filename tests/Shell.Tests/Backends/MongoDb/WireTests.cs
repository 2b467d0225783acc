using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>The commands of an export in the server's log, and its reactions to replies of the server.</summary>
public sealed class WireTests
{
    private static readonly string[] CreatingCommands = ["create", "createIndexes", "drop", "dropIndexes", "collMod"];

    [Fact]
    public async Task Ten_thousand_rows_are_written_in_few_bulks()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await mirror.ExportedAsync(Mirror.Many(10_000, "1"));
        var log = await mirror.Server.LogAsync();
        var updates = log.Where(it => it.Command == "update").ToArray();
        Assert.Equal(10_000, updates.Sum(it => it.Operations));
        Assert.InRange(updates.Length, 1, 5);
        Assert.InRange(log.Count, 1, 30);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_filter_lists_the_current_rows(bool skipUnchanged)
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands") with { SkipUnchanged = skipUnchanged };
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2 c=3"));
        await mirror.ExportedAsync([.. Mirror.Items("a=1 b=9"), Mirror.Rejected("x")], at: 1);
        var operators = (await mirror.Server.LogAsync()).SelectMany(it => it.Operators).Distinct();
        // $not stands before one time only: without $in it cannot stand before a list.
        Assert.Empty(operators.Intersect(["$nor", "$nin", "$in"]));
    }

    [Theory]
    [InlineData("""{"configureFailPoint":"failCommand","mode":"alwaysOn","data":{"failCommands":["update"],"errorCode":121}}""")]
    [InlineData("""{"configureFailPoint":"failCommand","mode":{"times":2},"data":{"failCommands":["update"],"closeConnection":true}}""")]
    [InlineData(
        """{"configureFailPoint":"failCommand","mode":{"times":2},"data":"""
        + """{"failCommands":["update"],"errorCode":10107,"errorLabels":["RetryableWriteError"]}}""")]
    [InlineData(
        """{"configureFailPoint":"failCommand","mode":"alwaysOn","data":"""
        + """{"failCommands":["update"],"writeConcernError":{"code":64,"errmsg":"waiting for replication timed out"}}}""")]
    public async Task Nothing_is_deleted_after_a_failed_bulk(string fault)
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        var before = (await mirror.Server.LogAsync()).Count;
        await mirror.Server.FailAsync(fault);
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("c=3"), at: 1));
        Assert.DoesNotContain((await mirror.Server.LogAsync()).Skip(before), it => it.Command == "delete");
        Assert.Subset((await mirror.StoredAsync()).Select(row => row.SourceUid).ToHashSet(), new System.Collections.Generic.HashSet<string> { "a", "b" });
    }

    [Theory]
    [InlineData("""{"configureFailPoint":"failCommand","mode":{"times":1},"data":{"failCommands":["update"],"closeConnection":true}}""")]
    [InlineData("""{"configureFailPoint":"dropReply","mode":{"times":1},"data":{"failCommands":["update"]}}""")]
    [InlineData(
        """{"configureFailPoint":"failCommand","mode":{"times":1},"data":"""
        + """{"failCommands":["update"],"errorCode":10107,"errorLabels":["RetryableWriteError"]}}""")]
    public async Task A_bulk_is_retried_after_a_lost_connection_or_a_step_down_and_every_row_is_written_once(string fault)
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await mirror.ExportedAsync(Mirror.Items("a=1 b=2"));
        await mirror.Server.FailAsync(fault);
        var outcome = await mirror.ExportedAsync(Mirror.Items("a=9 c=3"), at: 1);
        Assert.Equal((1, 1, 1), (outcome.Inserted, outcome.Updated, outcome.Deleted));
        Assert.Equal("a=9 c=3", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_secondary_is_refused_and_the_remedy_names_the_replica_set()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await mirror.Server.FailAsync("""{"configureFailPoint":"becomeSecondary","mode":"alwaysOn"}""");
        var standalone = Assert.IsType<Failure.Refused>(Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=1"))).Failure);
        Assert.Contains("replicaSet=", Assert.Single(standalone.Gaps).Remedy, StringComparison.Ordinal);

        var set = mirror with { Uri = mirror.Server.UriOf(MongoDbMirror.Exporter, "replicaSet=rs0"), Options = HashMap(("serverSelectionTimeoutMS", "500")) };
        var waiting = Assert.IsType<Failure.TryLater>(Assert.IsType<ExportResult.Failed>(await set.ExportAsync(Mirror.Items("a=1"))).Failure);
        Assert.Contains(": no member of the replica set takes writes", waiting.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bulk_is_retried_after_a_connection_drops_within_a_message()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.Server.FailAsync("""{"configureFailPoint":"dropConnectionAfterBytes","mode":{"times":1},"data":{"bytes":200000}}""");
        await mirror.ExportedAsync(Mirror.Many(5_000, "2"), at: 1);
        Assert.Equal(5_000, (await mirror.StoredAsync()).Count);
        Assert.Contains(await mirror.Server.LogAsync(), it => it.Command == "update" && it.Operations > 1_000);
    }

    [Theory]
    [InlineData("create", 48)]
    [InlineData("createIndexes", 68)]
    public async Task A_collection_or_index_that_is_created_concurrently_is_used(string command, int code)
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await mirror.Server.FailAsync(
            $$"""{"configureFailPoint":"failCommand","mode":{"times":1},"data":{"failCommands":["{{command}}"],"errorCode":{{code}} } }""");
        Assert.Equal(2, (await mirror.ExportedAsync(Mirror.Items("a=1 b=2"))).Inserted);
    }

    [Theory]
    [InlineData(85, "other options")]
    [InlineData(86, "other fields")]
    public async Task A_conflicting_index_that_is_created_concurrently_is_reported(int code, string message)
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await mirror.Server.FailAsync(
            $$"""{"configureFailPoint":"failCommand","mode":{"times":1},"data":{"failCommands":["createIndexes"],"errorCode":{{code}} } }""");
        var failed = Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=1")));
        Assert.Contains(message, Assert.IsType<Failure.Refused>(failed.Failure).Message, StringComparison.Ordinal);
        Assert.StartsWith("provision: ", failed.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(await mirror.StoredAsync());
    }

    [Fact]
    public async Task Mode_existing_creates_nothing()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands") with { Mode = KollectDatabaseSinkMode.Existing };
        Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync(Mirror.Items("a=1")));
        Assert.DoesNotContain(await mirror.Server.LogAsync(), it => CreatingCommands.Contains(it.Command));

        await (mirror with { Mode = KollectDatabaseSinkMode.Ensure }).ExportedAsync(Mirror.Items("a=1"));
        var before = (await mirror.Server.LogAsync()).Count;
        await mirror.ExportedAsync(Mirror.Items("a=2 b=1"), at: 1);
        Assert.DoesNotContain((await mirror.Server.LogAsync()).Skip(before), it => CreatingCommands.Contains(it.Command));
        Assert.Contains(await mirror.Server.LogAsync(), it => it.Command == "createIndexes"); // the log does record such commands
    }

    [Fact]
    public async Task A_probe_and_a_plan_write_nothing()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await using var destination = mirror.Open();
        Assert.IsType<ProbeResult.Succeeded>(await destination.ProbeAsync(TestContext.Current.CancellationToken));
        Assert.IsType<PlanResult.Planned>(await destination.PlanAsync(TestContext.Current.CancellationToken));
        string[] reading =
        [
            "isMaster", "hello", "saslStart", "saslContinue", "buildInfo", "connectionStatus", "listCollections", "listIndexes", "endSessions",
            "ping",
        ];
        Assert.Empty((await mirror.Server.LogAsync()).Select(it => it.Command).Except(reading, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Options_take_effect()
    {
        await using var mirror = await MongoDbMirror.CreateOwnAsync("a log of commands");
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.Server.FailAsync("""{"configureFailPoint":"failCommand","mode":{"times":1},"data":{"failCommands":["update"],"closeConnection":true}}""");
        var once = mirror with { Options = HashMap(("retryWrites", "false")) };
        Assert.IsType<Failure.TryLater>(Assert.IsType<ExportResult.Failed>(await once.ExportAsync(Mirror.Items("a=2"), at: 1)).Failure);

        await mirror.Server.FailAsync(
            """
            {"configureFailPoint":"failCommand","mode":"alwaysOn","data":{"failCommands":["update"],"blockConnection":true,"blockTimeMS":3000}}
            """);
        var limited = mirror with { Options = HashMap(("socketTimeoutMS", "300"), ("retryWrites", "false")) };
        var watch = Stopwatch.StartNew();
        Assert.IsType<Failure.TryLater>(Assert.IsType<ExportResult.Failed>(await limited.ExportAsync(Mirror.Items("a=2"), at: 1)).Failure);
        Assert.True(watch.Elapsed < TimeSpan.FromMilliseconds(2_900), $"waited {watch.Elapsed} for an answer after 3 s");
    }
}
