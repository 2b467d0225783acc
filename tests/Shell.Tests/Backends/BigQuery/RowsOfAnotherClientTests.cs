using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>Rows that the official Node client loaded are treated like rows of an export.</summary>
public sealed class RowsOfAnotherClientTests(SharedBigQuery shared) : IClassFixture<SharedBigQuery>
{
    private const string Same = """{"n":[1,2.5,12345678901234567890],"targetName":"t","uid":"same"}""";
    private const string SameInAnotherOrder = """{"uid":"same","targetName":"t","n":[1,2.50,12345678901234567890]}""";
    private const string Old = """{"targetName":"t","uid":"changed","n":1}""";
    private const string Changed = """{"targetName":"t","uid":"changed","n":2}""";
    private const string Gone = """{"targetName":"t","uid":"gone"}""";
    private const string New = """{"targetName":"t","uid":"new","text":"' \" ` @rows \\ \n"}""";

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure, false)]
    [InlineData(KollectDatabaseSinkMode.Ensure, true)]
    [InlineData(KollectDatabaseSinkMode.Existing, true)]
    public async Task A_snapshot_updates_keeps_and_deletes_rows_of_another_client(KollectDatabaseSinkMode mode, bool skipUnchanged)
    {
        var mirror = await LoadedAsync(Same, Old, Gone) with { Mode = mode, SkipUnchanged = skipUnchanged };

        // The changed item comes first, so that its row carries the time.
        var outcome = await mirror.ExportedLinesAsync([Changed, SameInAnotherOrder, New], at: 1);

        var unchanged = skipUnchanged ? 1 : 0;
        Assert.Equal((1, 2 - unchanged, unchanged, 1), (outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Deleted));
        var stored = (await mirror.StoredAsync()).ToDictionary(row => row.SourceUid);
        Assert.Equal(3, stored.Count);
        Assert.All([Same, Changed, New], line => Assert.True(stored[HostileItem.UidOf(line)].Holds(line), line));
        Assert.Equal(Mirror.Monday.AddMinutes(1 - unchanged), stored["same"].ExportedAt);
    }

    [Fact]
    public async Task A_newer_row_of_another_client_supersedes_the_snapshot()
    {
        var mirror = await LoadedAsync(Same);
        Assert.IsType<ExportResult.Superseded>(await mirror.ExportAsync(Mirror.Items("a=1"), at: -1));
        Assert.Equal("same", Assert.Single(await mirror.StoredAsync()).SourceUid);
    }

    /// <summary>A table that Kollect created, with rows of Monday with these payloads.</summary>
    private async Task<BigQueryMirror> LoadedAsync(params string[] payloads)
    {
        var mirror = await BigQueryMirror.OverAsync(await shared.ServerAsync);
        await mirror.ExportedAsync([]);
        await mirror.Server.LoadAsync(mirror.Server.Project, mirror.Dataset, mirror.Table, payloads.Select(Row));
        return mirror;
    }

    private static string Row(string payload) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"inventory_namespace":"platform","inventory_name":"all","target_name":"t","source_uid":"{{HostileItem.UidOf(payload)}}","cluster":"east",
        "resource_namespace":"platform","payload":{{payload}},"exported_at":"{{Mirror.Monday:yyyy-MM-dd HH:mm:ss}}+00:00"}
        """).ReplaceLineEndings("");
}
