namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>An independent client verifies the stand-in server.</summary>
public sealed class StandInTests
{
    [Fact]
    public async Task The_official_Node_driver_works_against_the_stand_in()
    {
        StandIns.RequireInstalled("mongodb");

        var report = await StandIns.RunAsync("mongodb/proof.test.js", []);

        Assert.Matches(@"(?m)^\W+ pass [1-9]\d*$", report);
        Assert.Matches(@"(?m)^\W+ fail 0$", report);
    }

    [Fact]
    public async Task A_server_with_users_and_TLS_supports_load_dump_and_log()
    {
        var admin = new MongoDbUser("ad min", "p@ss:/word");
        await using var server = await MongoDbServer.StartAsync(new MongoDbOptions { Users = [admin], Tls = true });
        string[] documents =
        [
            """{"_id":{"$numberInt":"1"},"exact":{"$numberDecimal":"0.10"}}""",
            """{"_id":{"$numberInt":"2"},"exact":{"$numberLong":"9007199254740993"}}""",
        ];

        await server.LoadAsync("d", "c", documents, admin);

        Assert.Equal(documents, await server.DumpAsync("d", "c", admin));
        var insert = Assert.Single(await server.LogAsync(), it => it.Command == "insert");
        Assert.Equal(("d", "c", 2, true), (insert.Database, insert.Collection, insert.Operations, insert.Ok));
    }

    [Fact]
    public async Task A_fail_point_fails_the_command_that_it_names()
    {
        await using var server = await MongoDbServer.StartAsync();
        await server.FailAsync("""{"configureFailPoint":"failCommand","mode":{"times":1},"data":{"failCommands":["insert"],"errorCode":13}}""");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => server.LoadAsync("d", "c", ["""{"_id":1}"""]));

        Assert.Contains("failCommand", refused.Message, StringComparison.Ordinal);
        Assert.Equal(13, Assert.Single(await server.LogAsync(), it => it.Command == "insert").Code);
        Assert.Empty(await server.DumpAsync("d", "c"));
    }
}
