using System.Diagnostics;
using Kollect.Tests.Support;

namespace Kollect.Benchmarks.Operator;

/// <summary>One contestant's process from its start to its end, with a cluster and a database of its own.</summary>
internal sealed class Life(
    Contestant contestant, OperatorOptions options, KubernetesServer cluster, Database database, Population objects, Samples samples)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private Process process = null!;

    /// <param name="first">The parts that one round is enough for are measured too.</param>
    public async Task RunAsync(bool first, CancellationToken cancel)
    {
        process = contestant.Start(cluster.Kubeconfig, database.ConnectionString);
        try
        {
            await ArriveAsync(cancel);
            using var poll = database.Poll();
            if (Runs("change"))
                await ChangesAsync(poll, cancel);
            if (Runs("bulk"))
                await BulkAsync(poll, cancel);
            if (Runs("churn"))
                await ChurnAsync(poll, cancel);
            if (first && Runs("rest"))
                await RestAsync(cancel);
            samples.PeakMiB = Math.Max(samples.PeakMiB ?? 0, ProcessorTime.MiB(process.Id, "VmHWM"));
            if (first && Runs("restart"))
                await RestartAsync(cancel);
            if (await database.CountAsync(cancel) is var rows && rows != objects.Count)
                throw new InvalidOperationException($"{contestant.Name}: {rows} rows at the end instead of {objects.Count}");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }
    }

    private bool Runs(string part) => options.Runs(part, objects.Count);

    private async Task ArriveAsync(CancellationToken cancel)
    {
        var watch = Stopwatch.StartNew();
        if (contestant.Manifests(database.Url) is { Length: > 0 } manifests)
            await cluster.ApplyAsync(manifests);
        while (await database.CountAsync(cancel) != objects.Count)
        {
            RequireRunning(watch);
            await Task.Delay(50, cancel);
        }

        samples.ArrivedSeconds.Add(watch.Elapsed.TotalSeconds);
        await QuietAsync(cancel);
        await SayAsync($"{objects.Count} rows after {samples.ArrivedSeconds[^1]:F1} s");
    }

    private async Task ChangesAsync(RowPoll poll, CancellationToken cancel)
    {
        for (var change = 0; change < options.WarmUp; change++)
            await ChangeAsync(poll, cancel);
        var count = options.Changes / options.Rounds;
        var before = await ReadAsync(cancel);
        for (var change = 0; change < count; change++)
            samples.ChangeMs.Add(await ChangeAsync(poll, cancel));

        // What the last change begets (a status, an event) costs too.
        await Task.Delay(options.Settle, cancel);
        samples.ChangeCost += (await ReadAsync(cancel) - before) with { Changes = count };
        samples.GapMs.AddRange(poll.Gaps);
        await SayAsync($"{count} changes, p50 {Samples.Percentile(samples.ChangeMs, 50):F1} ms");
    }

    /// <summary>Milliseconds from the request that changes an object until its row shows it.</summary>
    private async Task<double> ChangeAsync(RowPoll poll, CancellationToken cancel)
    {
        var changed = objects.Change();
        await Task.Delay(options.Settle, cancel);
        var begun = Stopwatch.GetTimestamp();
        var request = LoadAsync([changed]);
        poll.Begin();
        while (!poll.Shows(changed))
        {
            RequireRunning(begun);
            RowPoll.Pause(begun);
        }

        var elapsed = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        await request;
        return elapsed;
    }

    private async Task BulkAsync(RowPoll poll, CancellationToken cancel)
    {
        for (var time = 0; time < 3; time++)
        {
            var changed = objects.ChangeMany(options.Bulk);
            await QuietAsync(cancel);
            await cluster.LoadAsync(changed.Select(it => it.Json));
            var answered = Stopwatch.GetTimestamp();
            // The last one is a cheap sign; it need not be the last row.
            while (!poll.Shows(changed[^1]))
            {
                RequireRunning(answered);
                RowPoll.Pause(answered);
            }

            while (!poll.ShowsAll(changed))
            {
                RequireRunning(answered);
                RowPoll.Pause(answered);
            }

            samples.BulkMs.Add(Stopwatch.GetElapsedTime(answered).TotalMilliseconds);
        }

        await SayAsync($"{options.Bulk} at once, {Samples.Percentile(samples.BulkMs, 50):F0} ms");
    }

    private async Task ChurnAsync(RowPoll poll, CancellationToken cancel)
    {
        await QuietAsync(cancel);
        var before = await ReadAsync(cancel);
        var churn = new Churn(objects, options, LoadAsync, it => cluster.RemoveAsync([it.Json]));
        var looking = Task.Factory.StartNew(() => churn.Look(poll, RequireRunning), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await churn.RunAsync(cancel);
        await looking;
        samples.ChurnMs.AddRange(churn.Milliseconds);
        samples.ChurnUnseen += churn.Unseen;
        samples.ChurnCost += (await ReadAsync(cancel) - before) with { Changes = churn.Events };
        await SayAsync($"{churn.Events} created and deleted, p50 {Samples.Percentile(churn.Milliseconds, 50):F1} ms, {churn.Unseen} unseen");
    }

    private async Task RestAsync(CancellationToken cancel)
    {
        await QuietAsync(cancel);
        var before = await ReadAsync(cancel);
        await Task.Delay(options.Rest, cancel);
        samples.RestCost = await ReadAsync(cancel) - before;
        samples.RestMiB = ProcessorTime.MiB(process.Id, "VmRSS");
        await SayAsync($"at rest {samples.RestCost.OperatorSeconds:F2} s, {samples.RestMiB:F0} MiB");
    }

    /// <summary>A new process over the same cluster and the same rows.</summary>
    private async Task RestartAsync(CancellationToken cancel)
    {
        using (var terminate = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            await terminate.WaitForExitAsync(cancel);
        await process.WaitForExitAsync(cancel);
        process.Dispose();
        await QuietAsync(cancel, alsoOperator: false);
        var (since, before) = (await database.NextTransactionAsync(cancel), await ReadAsync(cancel, alsoOperator: false));
        process = contestant.Start(cluster.Kubeconfig, database.ConnectionString);
        await Task.Delay(TimeSpan.FromSeconds(5), cancel);
        await QuietAsync(cancel);
        samples.RestartWalBytes = (await ReadAsync(cancel) - before).WalBytes;
        samples.RestartRows = await database.WrittenRowsAsync(since, cancel);
        await SayAsync($"restarted, {samples.RestartRows} rows written");
    }

    private async Task LoadAsync(IReadOnlyList<ClusterObject> changed)
    {
        var watch = Stopwatch.StartNew();
        await cluster.LoadAsync(changed.Select(it => it.Json));
        lock (samples.RequestMs)
            samples.RequestMs.Add(watch.Elapsed.TotalMilliseconds);
    }

    /// <summary>Until the contestant and the server together take less than 2 % of a core for a second.</summary>
    private async Task QuietAsync(CancellationToken cancel, bool alsoOperator = true)
    {
        var watch = Stopwatch.StartNew();
        for (var last = await ReadAsync(cancel, alsoOperator); ;)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancel);
            var now = await ReadAsync(cancel, alsoOperator);
            var spent = now - last;
            if (spent.OperatorSeconds + spent.PostgresSeconds < 0.021)
                return;
            last = now;
            if (watch.Elapsed > Limit)
                throw new TimeoutException($"{contestant.Name} does not come to rest");
        }
    }

    private async Task<Cost> ReadAsync(CancellationToken cancel, bool alsoOperator = true) => new(
        0, alsoOperator ? ProcessorTime.Of(process.Id) : 0, database.ProcessorSeconds(), await database.WalBytesAsync(cancel));

    private void RequireRunning(long since) => RequireRunning(Stopwatch.GetElapsedTime(since));

    private void RequireRunning(Stopwatch watch) => RequireRunning(watch.Elapsed);

    private void RequireRunning(TimeSpan elapsed)
    {
        if (process.HasExited)
            throw new InvalidOperationException($"{contestant.Name} ended with exit code {process.ExitCode}");
        if (elapsed > Limit)
            throw new TimeoutException($"{contestant.Name}: the rows are not there after {Limit}");
    }

    private Task SayAsync(FormattableString text) =>
        Console.Error.WriteLineAsync($"operator, {objects.Count} objects: {contestant.Name}: {FormattableString.Invariant(text)}");
}
