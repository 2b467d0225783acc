using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Host.Demo;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Documentation;

/// <summary>
/// The page about the history: 30 days of 200 Deployments, exported once a day by a made clock. What the timeline says of each day is compared with what
/// was exported; then each statement of the page runs, and its answer is compared with the page, word for word.
/// </summary>
public sealed class HistoryStoryTests
{
    private const string Page = "docs/how-to/history.md";
    private const int Days = 30;
    private static readonly DateTimeOffset First = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_timeline_knows_each_day_and_each_statement_of_the_page_gives_the_answer_that_the_page_shows()
    {
        await using var server = await PostgresServer.StartOwnAsync(("fsync", "off"));
        var mirror = new PostgresMirror(new TestDatabase(server, "postgres")) { KeepsHistory = true, SkipUnchanged = None };
        var days = Enumerable.Range(0, Days).Select(Story.Day).ToArray();
        await using (var destination = mirror.Open())
            for (var day = 0; day < Days; day++)
                Assert.IsType<ExportResult.Exported>(await destination.ExportAsync(
                    new SnapshotHeader(new Scope("platform", "all", "prod"), First.AddDays(day), None),
                    days[day].Select(it => it.Row).ToAsyncEnumerable(),
                    dryRun: false,
                    progress: null,
                    TestContext.Current.CancellationToken));

        for (var day = 0; day < Days; day++)
            Assert.Equal(
                days[day].Select(it => it.ToString()).Order(StringComparer.Ordinal),
                await mirror.Database.RowsAsync(
                    $"""
                    SELECT concat_ws(' ', source_uid, payload->>'namespace', payload->>'name', payload->'attributes'->>'image',
                                     payload->'attributes'->>'replicas') COLLATE "C"
                    FROM inventory_items_timeline
                    WHERE valid_from <= '{First.AddDays(day).AddHours(4):O}' AND (valid_to > '{First.AddDays(day).AddHours(4):O}' OR valid_to IS NULL)
                    ORDER BY 1
                    """,
                    row => row.GetString(0)));

        var page = Pages.Read(Page);
        var blocks = Pages.Blocks(Page);
        for (var at = 0; at < blocks.Count; at++)
        {
            if (blocks[at].Language != "sql")
                continue;
            var (question, shown) = (blocks[at], blocks[at + 1]);
            var answer = await PsqlAsync(server, question.Text);
            string Shown(string text) => $"{question.Text}\n```\n\n```text\n{text}\n```";
            if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
                page = page.Replace(Shown(shown.Text), Shown(answer), StringComparison.Ordinal);
            else
                Assert.Equal($"{question}\n{shown.Text}", $"{question}\n{answer}");
        }

        if (page != Pages.Read(Page))
            await File.WriteAllTextAsync(Repository.At(Page), page, TestContext.Current.CancellationToken);
        Assert.True(Pages.Blocks("sql", [Page]).Count() >= 10);
    }

    private sealed record Deployment(string Uid, string Namespace, string Name, string Image, int Replicas)
    {
        public RowOrRejection Row => new RowOrRejection.Accepted(new Row("deployments", Uid, Namespace, Encoding.UTF8.GetBytes(
            $$$"""
            {"namespace":"{{{Namespace}}}","name":"{{{Name}}}","group":"apps","version":"v1","kind":"Deployment","uid":"{{{Uid}}}",
             "attributes":{"image":"{{{Image}}}","replicas":{{{Replicas}}}}}
            """), 0));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Uid} {Namespace} {Name} {Image} {Replicas}");
    }

    /// <summary>Images and replicas change daily; every third day a Deployment is deleted, and created anew three days later, with another uid.</summary>
    private static class Story
    {
        private static readonly string[] Namespaces = ["shop", "portal", "billing", "infra"];
        private static readonly string[] Names = ["cart", "search", "invoices", "dns", "web", "login", "ledger", "proxy"];

        public static IReadOnlyList<Deployment> Day(int day) => [.. Enumerable.Range(0, 200).Where(i => !IsGone(i, day)).Select(i => Deployment(i, day))];

        private static Deployment Deployment(int i, int day)
        {
            var name = i < Names.Length ? Names[i] : string.Create(CultureInfo.InvariantCulture, $"{Names[i % Names.Length]}-{i:D3}");
            var releases = Enumerable.Range(1, day).Count(it => (i * 7 + it * 13) % 53 == 0 || (i == 0 && (it is 5 or 12 or 20)));
            var scaled = Enumerable.Range(1, day).Count(it => (i * 3 + it * 5) % 61 == 0);
            return new Deployment(
                string.Create(CultureInfo.InvariantCulture, $"uid-{i:D3}-{(IsBack(i, day) ? 2 : 1)}"),
                Namespaces[i % Namespaces.Length],
                name,
                string.Create(CultureInfo.InvariantCulture, $"registry.example/{Names[i % Names.Length]}:1.{releases}.0"),
                1 + i % 3 + scaled);
        }

        private static int DeletedOn(int i) => i % 20 == 9 ? 3 * (i / 20 + 1) - 1 : int.MaxValue;

        private static bool IsGone(int i, int day) => DeletedOn(i) != int.MaxValue && day >= DeletedOn(i) && day < DeletedOn(i) + 3;

        private static bool IsBack(int i, int day) => DeletedOn(i) != int.MaxValue && day >= DeletedOn(i) + 3;
    }

    private static async Task<string> PsqlAsync(PrivatePostgres server, string sql)
    {
        var start = new ProcessStartInfo(
            Path.Combine(server.BinFolder, "psql"),
            [
                "-X", "-q", "-v", "ON_ERROR_STOP=1", "-P", "pager=off", "-d",
                $"postgresql://{server.Superuser}:{server.Password}@127.0.0.1:{server.Port}/postgres", "-c", sql,
            ])
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
}
