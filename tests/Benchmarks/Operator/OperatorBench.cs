using Kollect.Host.Demo;
using Kollect.Tests.Support;

namespace Kollect.Benchmarks.Operator;

/// <summary>
/// The operator as a process, with the stand-in API server and PostgreSQL, beside another build of it and beside a bare watcher. The contestants
/// alternate; each starts with a fresh cluster of the same objects and an empty database on the same server.
/// </summary>
internal sealed class OperatorBench(PrivatePostgres server, OperatorOptions options)
{
    /// <summary>No checkpoint by itself: the log of a change is then that of the change alone.</summary>
    public static Task<PrivatePostgres> StartServerAsync(CancellationToken cancel) => PrivatePostgres.StartAsync(
        new PrivatePostgresOptions
        {
            Settings = new Dictionary<string, string> { ["autovacuum"] = "off", ["checkpoint_timeout"] = "1h", ["max_wal_size"] = "16GB" },
        },
        cancel);

    public async Task<OperatorReport> RunAsync(CancellationToken cancel)
    {
        var contestants = await ContestantsAsync(cancel);
        List<SizeResult> sizes = [];
        foreach (var count in options.Objects)
        {
            var samples = contestants.ToDictionary(it => it.Name, _ => new Samples());
            for (var round = 0; round < options.Rounds; round++)
                for (var offset = 0; offset < contestants.Count; offset++)
                {
                    var contestant = contestants[(round + offset) % contestants.Count];
                    await LiveAsync(contestant, count, samples[contestant.Name], round == 0, cancel);
                }

            sizes.Add(new SizeResult(count, new Population(count).MeanBytes, samples));
        }

        return new OperatorReport(options, [.. contestants.Select(it => it.Name)], sizes);
    }

    private async Task LiveAsync(Contestant contestant, int count, Samples samples, bool first, CancellationToken cancel)
    {
        var objects = new Population(count);
        await using var cluster = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "a benchmark" });
        await cluster.LoadAsync(ClusterObjects.NamespaceObjects());
        await cluster.LoadAsync(objects.All);
        await using var database = await Database.CreateAsync(server, "bench", cancel);
        await new Life(contestant, options, cluster, database, objects, samples).RunAsync(first, cancel);
    }

    private async Task<IReadOnlyList<Contestant>> ContestantsAsync(CancellationToken cancel)
    {
        List<Contestant> contestants = [];
        if (options.Contestants.Contains("ours"))
            contestants.Add(Contestant.Operator(OperatorReport.Ours, Repository.At("bin/kollect")));
        if (options.Contestants.Contains("before"))
        {
            if (options.Against is { } path)
                contestants.Add(Contestant.Operator("the other build", OlderBuild.At(path)));
            else if (options.AgainstCommit is { } commit)
            {
                var (name, program) = await OlderBuild.OfAsync(commit, cancel);
                contestants.Add(Contestant.Operator($"commit {name}", program));
            }
        }

        if (options.Contestants.Contains("floor"))
            contestants.Add(Contestant.Floor);
        return contestants;
    }
}
