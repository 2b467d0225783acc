using System.Diagnostics;
using System.Text.RegularExpressions;
using Kollect.Host.Demo;
using Kollect.Shell.Tests.Program;
using Npgsql;
using static Kollect.Shell.Tests.Program.Kollect;

namespace Kollect.Shell.Tests.Documentation;

/// <summary>The SQL of the pages, on the rows of the demo in a real PostgreSQL; a block of text after a statement is its answer, word for word.</summary>
public sealed class SqlTests
{
    private const string Grants = "docs/how-to/existing-table.md";

    /// <summary>Its answers are about other rows: see <see cref="HistoryStoryTests"/>.</summary>
    private const string History = "docs/how-to/history.md";

    [Fact]
    public async Task Each_statement_of_a_page_runs_and_gives_the_answer_that_the_page_shows()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        var pages = Pages.ForUsers.Where(page => page is not (Grants or History) && Pages.Blocks("sql", [page]).Any()).ToArray();
        Assert.Contains("README.md", pages);
        Assert.Contains("docs/get-started/query.md", pages);
        var demo = await CreateAsync(server, "demo");
        await ExportDemoAsync(Url(server, demo), "monday", "tuesday");
        await ApplyViewsAsync(Url(server, demo));
        foreach (var page in pages)
        {
            var database = await CreateAsync(server, page, template: demo);
            var blocks = Pages.Blocks(page);
            for (var at = 0; at < blocks.Count; at++)
                if (blocks[at].Language == "sql")
                {
                    var answer = await PsqlAsync(server, database, blocks[at].Text);
                    if (at + 1 < blocks.Count && blocks[at + 1].Language == "text")
                        Assert.Equal($"{blocks[at]}\n{blocks[at + 1].Text}", $"{blocks[at]}\n{answer}");
                }
        }
    }

    [Fact]
    public async Task The_grants_of_the_page_suffice_for_both_modes_and_the_reader_can_read()
    {
        await using var server = await PostgresServer.StartOwnAsync();
        var database = await CreateAsync(server, Grants);
        var statements = Pages.Blocks("sql", [Grants]).Select(block => block.Text).ToArray();
        Assert.Equal(4, statements.Length);
        await PsqlAsync(server, database, statements[0]);
        await PsqlAsync(server, database, statements[1]);
        var url = Url(server, database, "kollect_writer", "change-me");
        foreach (var mode in new[] { "existing", "ensure" })
        {
            var errors = await ExportDemoAsync(url, [mode == "existing" ? "monday" : "tuesday"], $"  provisioning: {{mode: {mode} }}\n");
            Assert.DoesNotContain("kollect_", errors, StringComparison.Ordinal);
        }

        await PsqlAsync(server, database, "DROP TABLE inventory_items, kollect_exports CASCADE;\n" + statements[2]);
        await ExportDemoAsync(url, "monday");
        await PsqlAsync(server, database, statements[3]);
        await using var reader = new NpgsqlConnection(Login(server, database, "kollect_reader", "change-me-too"));
        await reader.OpenAsync(TestContext.Current.CancellationToken);
        await using var count = new NpgsqlCommand("SELECT count(*) FROM inventory_items, kollect_freshness", reader);
        Assert.Equal(6L, await count.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The tables of the page are those that the plan of a sink prints.</summary>
    [Fact]
    public void The_tables_of_the_page_are_those_of_a_plan()
    {
        var plan = File.ReadAllText(Repository.At("snapshots/cli/plan-offline-samples.txt")).Replace("\"public\".", "", StringComparison.Ordinal)
            .Replace("\"", "", StringComparison.Ordinal);
        foreach (var table in Pages.Blocks("sql", [Grants]).First().Text.Split(";\n"))
            Assert.Contains(table.TrimEnd(';'), plan, StringComparison.Ordinal);
    }

    private static Task<string> ExportDemoAsync(string url, params string[] days) => ExportDemoAsync(url, days, "");

    private static string DemoSink(TemporaryFolder folder, string url, string spec = "") => folder.Write(
        "sink.yaml",
        File.ReadAllText(Repository.At("Shell/Host/Demo/sink.yaml")).Replace("  postgres:\n", spec + "  postgres:\n", StringComparison.Ordinal) + $$"""
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: demo-dsn, namespace: default}
            stringData: {url: "{{url}}"}
            """);

    /// <summary>The two exports of <c>kollect demo</c>, at fixed times; returns the warnings.</summary>
    private static async Task<string> ExportDemoAsync(string url, string[] days, string spec)
    {
        using var folder = new TemporaryFolder();
        var file = DemoSink(folder, url, spec);
        var errors = "";
        foreach (var day in days)
        {
            var time = day == "monday" ? "2026-11-23T08:00:00Z" : "2026-11-24T08:00:00Z";
            var result = await RunAsync(
            [
                "export", "-f", file, "--inventory", "platform/all", "--items", $"Shell/Host/Demo/{day}.ndjson", "--exported-at", time, "--allow-future",
            ]);
            Assert.True(result.ExitCode == 0, result.Output + result.Errors);
            errors += result.Errors;
        }

        return errors;
    }

    /// <summary>The views of the profile and target that a page shows.</summary>
    private static async Task ApplyViewsAsync(string url)
    {
        using var folder = new TemporaryFolder();
        var manifests = folder.Write("profiles.yaml", Pages.Blocks("yaml", ["docs/how-to/typed-views.md"]).First().Text);
        var result = await RunAsync(["views", "-f", manifests, "-f", DemoSink(folder, url), "--apply"]);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }

    private static async Task<string> CreateAsync(PrivatePostgres server, string page, string template = "template1")
    {
        var name = Regex.Replace(page, "[^a-z]", "_");
        await TestDatabase.ExecuteAsync(Login(server, "postgres"), $"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    private static async Task<string> PsqlAsync(PrivatePostgres server, string database, string sql)
    {
        var start = new ProcessStartInfo(
            Path.Combine(server.BinFolder, "psql"),
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-P", "pager=off", "-d", Url(server, database), "-c", sql])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PGTZ"] = "UTC", ["LC_ALL"] = "C.UTF-8" },
        };
        using var psql = Process.Start(start)!;
        var output = psql.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await psql.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await psql.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(psql.ExitCode == 0, $"{sql}\n{errors}");
        return string.Join('\n', (await output).TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    private static string Url(PrivatePostgres server, string database, string? role = null, string? password = null) =>
        $"postgresql://{role ?? server.Superuser}:{password ?? server.Password}@127.0.0.1:{server.Port}/{database}";

    private static string Login(PrivatePostgres server, string database, string? role = null, string? password = null) =>
        $"Host=127.0.0.1;Port={server.Port};Username={role ?? server.Superuser};Password={password ?? server.Password};Database={database};Pooling=false";
}
