using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>Rows that the official Node driver wrote are treated like rows of an export.</summary>
public sealed class RowsOfAnotherClientTests(SharedMongoDb shared) : IClassFixture<SharedMongoDb>
{
    // The types of another client: a double for 1, an int64 for 2, a decimal for 0.5.
    private const string SameByNode =
        """{"targetName":"t","uid":"same","n":[{"$numberDouble":"1.0"},{"$numberLong":"2"},{"$numberDecimal":"0.50"},"""
        + """{"$numberDecimal":"12345678901234567890"}]}""";

    private const string Same = """{"targetName":"t","uid":"same","n":[1,2,0.5,12345678901234567890]}""";
    private const string ChangedByNode = """{"targetName":"t","uid":"changed","n":{"$numberLong":"9007199254740992"}}""";
    private const string Changed = """{"targetName":"t","uid":"changed","n":9007199254740993}""";
    private const string GoneByNode = """{"targetName":"t","uid":"gone"}""";
    private const string New = """{"targetName":"t","uid":"new","$set":{"a.b":1e400}}""";

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure, false)]
    [InlineData(KollectDatabaseSinkMode.Ensure, true)]
    [InlineData(KollectDatabaseSinkMode.Existing, true)]
    public async Task A_snapshot_updates_keeps_and_deletes_rows_of_another_client(KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        var mirror = await LoadedAsync(SameByNode, ChangedByNode, GoneByNode) with { Mode = mode, SkipUnchanged = skipUnchanged };

        var outcome = await mirror.ExportedLinesAsync([Same, Changed, New], at: 1);

        var unchanged = skipUnchanged ? 1 : 0;
        Assert.Equal((1, 2 - unchanged, unchanged, 1), (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        var stored = (await mirror.StoredAsync()).ToDictionary(row => row.SourceUid);
        Assert.Equal(3, stored.Count);
        Assert.All([Same, Changed, New], line => Assert.True(stored[HostileItem.UidOf(line)].Holds(line), line));
        Assert.Equal(Mirror.Monday.AddMinutes(1 - unchanged), stored["same"].ExportedAt);
        Assert.Equal(Mirror.Monday.AddMinutes(1), stored["changed"].ExportedAt);
    }

    [Fact]
    public async Task A_newer_row_of_another_client_supersedes_the_snapshot()
    {
        var mirror = await LoadedAsync(SameByNode);
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=1"), at: -1));
        Assert.Equal("same", Assert.Single(await mirror.StoredAsync()).SourceUid);
    }

    /// <summary>A collection with the identity index and rows of Monday; the payloads are canonical Extended JSON.</summary>
    private async Task<MongoDbMirror> LoadedAsync(params string[] payloads)
    {
        var mirror = MongoDbMirror.Over(await shared.ServerAsync);
        await mirror.ExportedAsync([]);
        await mirror.Server.LoadAsync(mirror.Database, mirror.Table, payloads.Select(Document), mirror.Server.User);
        return mirror;
    }

    private static string Document(string payload) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"inventory_namespace":"platform","inventory_name":"all","target_name":"t","source_uid":"{{HostileItem.UidOf(payload)}}","cluster":"east",
        "resource_namespace":"platform","payload":{{payload}},"exported_at":{"$date":{"$numberLong":"{{Mirror.Monday.ToUnixTimeMilliseconds()}}"} } }
        """).ReplaceLineEndings("");
}
