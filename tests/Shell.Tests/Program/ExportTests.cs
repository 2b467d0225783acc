using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Program;

/// <summary><c>kollect export</c> as a process against a real database.</summary>
public sealed class ExportTests
{
    private static readonly string[] SomeItems = [.. Enumerable.Range(0, 40).Select(i => Item(i, "v1"))];

    private static string Item(int i, string value) =>
        $$$"""{"targetName":"pods","uid":"u{{{i}}}","namespace":"shop","name":"p{{{i}}}","kind":"Pod","version":"v1","attributes":{"value":"{{{value}}}"}}""";

    [Fact]
    public async Task The_outcome_counts_ten_removed_five_changed_and_two_added_items()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database, options: "skip_unchanged: \"true\"");
        string[] changed = [.. Enumerable.Range(0, 5).Select(i => Item(i, "v2")), .. SomeItems[5..30], Item(100, "v1"), Item(101, "v1")];
        await RunAsync(folder.Export("--items", folder.Write("a.ndjson", string.Join('\n', SomeItems))));

        var dry = Json(await RunAsync(folder.Export("--dry-run", "--items", folder.Write("b.ndjson", string.Join('\n', changed)))));
        Assert.Equal("DryRun", (string?)dry["status"]);
        var result = Json(await RunAsync(folder.Export("--items", folder.At("b.ndjson"))));
        foreach (var (name, count) in new[] { ("inserted", 2), ("updated", 5), ("unchanged", 25), ("deleted", 10) })
            Assert.Equal((count, count), ((int)dry[name]!, (int)result[name]!));
        Assert.Equal(32, await database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));
    }

    [Fact]
    public async Task A_long_export_prints_a_line_every_ten_seconds_where_there_is_no_terminal()
    {
        using var folder = new SinkFolder(await PostgresServer.CreateDatabaseAsync());
        using var process = Start(folder.Export());
        await process.StandardInput.WriteAsync(Item(1, "v1") + "\n");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.Matches("^kollect: (connecting, and waiting for items|[a-z ]+: [0-9]+ items, 0.0 MB)$", line);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task Without_skip_unchanged_every_row_carries_the_time_of_the_snapshot()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        var items = folder.Write("a.ndjson", string.Join('\n', SomeItems));
        await RunAsync(folder.Export("--items", items));
        Json(await RunAsync(folder.Export("--items", items)));
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(DISTINCT exported_at) FROM inventory_items"));
    }

    [Fact]
    public async Task Every_form_on_standard_input_and_from_a_file_gives_the_same_rows()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        var array = $"[{string.Join(',', SomeItems)}]";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(array)));
        string[] forms =
        [
            string.Join('\n', SomeItems),
            array,
            $$"""{"schemaVersion":"kollect.dev/v1alpha1","cluster":"east","itemCount":40,"checksum":"sha256:{{hash}}","items":{{array}}}""",
            $$"""{"apiVersion":"v1","items":{{array}},"kind":"List","metadata":{"resourceVersion":""} }""",
        ];
        foreach (var form in forms)
        {
            Assert.Equal(40, (int)Json(await RunAsync(folder.Export("--items", folder.Write("input", form))))["items"]!);
            Assert.Equal(40, (int)Json(await RunAsync(folder.Export(), input: form))["unchanged"]!);
        }

        Assert.Equal(40, await database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));
    }

    [Fact]
    public async Task A_list_printed_by_kubectl_becomes_items_without_Secrets()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        const string List =
            """
            {
                "apiVersion": "v1",
                "items": [
                    {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"replicas": 3},
                     "metadata": {"name": "web", "namespace": "shop", "uid": "d1", "managedFields": [{}]}},
                    {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "shop", "uid": "s1"}, "data": {"k": "djE="}},
                    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "uid": "n1"}}
                ],
                "kind": "List",
                "metadata": {"resourceVersion": ""}
            }
            """;
        var result = Json(await RunAsync(folder.Export(), input: List));
        Assert.Equal((2, 2, 1), ((int)result["items"]!, (int)result["inserted"]!, (int)result["skipped"]!));
        var rows = await database.RowsAsync(
            "SELECT target_name || ' ' || resource_namespace || ' ' || (payload #> '{attributes,resource}')::text FROM inventory_items ORDER BY 1",
            row => row.GetString(0));
        Golden.Verify(string.Join('\n', rows), "items/rows-of-a-kubectl-list.txt");
        Assert.Equal(3, (int)Json(await RunAsync(folder.Export("--include-secrets", "--target", "all"), input: List))["inserted"]!);
    }

    [Fact]
    public async Task Broken_input_changes_nothing_and_an_empty_snapshot_must_be_stated()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        await RunAsync(folder.Export(), input: string.Join('\n', SomeItems));
        foreach (var broken in new[] { "", string.Join('\n', SomeItems)[..^5], $"[{SomeItems[0]},", $$"""{"itemCount":2,"items":[{{SomeItems[0]}}]}""" })
        {
            var result = await RunAsync(folder.Export(), input: broken);
            Assert.Equal((1, "Refused"), (result.ExitCode, (string?)JsonNode.Parse(result.Output)!["status"]));
            Assert.Equal(40, await database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));
        }

        Assert.Equal(40, (int)Json(await RunAsync(folder.Export(), input: "[]"))["deleted"]!);
    }

    /// <summary>Manifests, which no cluster has given a uid, look like objects and have no identity.</summary>
    [Fact]
    public async Task Every_item_rejected_is_refused_some_are_a_warning_and_with_strict_refused()
    {
        const string Rejected = """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}""";
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        Json(await RunAsync(folder.Export(), input: SomeItems[0]));
        var all = await RunAsync(folder.Export(), input: $"[{Rejected},{Rejected}]");
        Assert.Equal((1, "Refused"), (all.ExitCode, (string?)JsonNode.Parse(all.Output)!["status"]));
        Assert.Contains("metadata.uid", all.Output, StringComparison.Ordinal);

        var strict = await RunAsync(folder.Export("--strict"), input: $"[{SomeItems[1]},{Rejected}]");
        Assert.Equal((1, "Refused"), (strict.ExitCode, (string?)JsonNode.Parse(strict.Output)!["status"]));
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));

        var some = await RunAsync(folder.Export(), input: $"[{SomeItems[1]},{Rejected}]");
        Assert.Equal(1, (int)Json(some)["rejected"]!);
        Assert.Contains("warning: 1 of 2 items cannot be stored", some.Errors, StringComparison.Ordinal);
        Assert.Equal(2, await database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));

        var items = folder.Write("a.ndjson", string.Join('\n', SomeItems));
        Assert.Equal(40, (int)Json(await RunAsync(folder.Export("--strict", "--items", items)))["items"]!);
        Assert.Equal(40, (int)Json(await RunAsync(folder.Export("--strict"), input: string.Join('\n', SomeItems)))["items"]!);
    }

    [Fact]
    public async Task An_older_snapshot_is_superseded_with_exit_code_0()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        await RunAsync(folder.Export("--exported-at", "2026-11-23T08:30:00Z"), input: SomeItems[0]);
        var late = await RunAsync(folder.Export("--exported-at", "2026-11-23T09:29:59.999+01:00"), input: "[]");
        Assert.Equal((0, "Superseded"), (late.ExitCode, (string?)JsonNode.Parse(late.Output)!["status"]));
        Assert.Equal(1, await database.ScalarAsync<long>("SELECT count(*) FROM inventory_items"));
    }

    // Regression: one such export, and every later one ended in "Superseded" and exit code 0.
    [Fact]
    public async Task A_time_in_the_future_is_refused_and_once_it_is_held_nothing_ends_well()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        var refused = await RunAsync(folder.Export("--exported-at", "2199-01-01T00:00:00Z"), input: SomeItems[0]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--allow-future", refused.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await RunAsync(folder.Export(), input: """{"exportedAt":"2199-01-01T00:00:00Z","items":[]}""")).ExitCode);

        Json(await RunAsync(folder.Export("--exported-at", "2199-01-01T00:00:00Z", "--allow-future"), input: SomeItems[0]));
        var late = await RunAsync(folder.Export(), input: "[]");
        Assert.Equal((3, "Superseded"), (late.ExitCode, (string?)JsonNode.Parse(late.Output)!["status"]));
        Assert.Contains("2199-01-01T00:00:00.000Z", late.Output, StringComparison.Ordinal);
        Assert.Contains("lies in the future", late.Output, StringComparison.Ordinal);

        await database.ExecuteAsync("UPDATE inventory_items SET exported_at = now(); UPDATE kollect_exports SET exported_at = now(), verified_at = now()");
        Assert.Equal(1, (int)Json(await RunAsync(folder.Export(), input: "[]"))["deleted"]!);
    }

    [Fact]
    public async Task An_envelope_of_another_cluster_is_refused()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var folder = new SinkFolder(database);
        const string Envelope = """{"cluster":"west","items":[]}""";
        var refused = await RunAsync(folder.Export(), input: Envelope);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--cluster west", refused.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(folder.Export("--cluster", "west"), input: Envelope)).ExitCode);
    }

    [Fact]
    public async Task A_failure_has_the_exit_code_of_its_class_and_does_not_show_the_password()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        using var wrong = new SinkFolder(database, url: database.Url("role-of-secret", "word-of-secret", "base-of-secret"));
        using var down = new SinkFolder(database, url: "postgresql://role-of-secret:word-of-secret@127.0.0.1:1/base-of-secret");
        foreach (var (folder, exit) in new[] { (wrong, 1), (down, 3) })
            foreach (var command in new[] { folder.Export(), ["probe", .. folder.Manifests], ["plan", .. folder.Manifests] })
            {
                var result = await RunAsync(command, input: "[]");
                Assert.Equal(exit, result.ExitCode);
                Assert.DoesNotContain("word-of-secret", result.Output + result.Errors, StringComparison.Ordinal);
            }
    }

    private static JsonNode Json(Result result)
    {
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
        return JsonNode.Parse(result.Output)!;
    }
}
