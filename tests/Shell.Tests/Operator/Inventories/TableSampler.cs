using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>Samples the row count of a table every 100 ms over its own connection, for conditions that must hold throughout a test.</summary>
internal sealed class TableSampler : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stop = new();
    private readonly List<Sample> timeline = [];
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand count;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Task sampling;

    private TableSampler(NpgsqlConnection connection, string query)
    {
        this.connection = connection;
        count = new NpgsqlCommand(query, connection);
        sampling = SampleAsync();
    }

    /// <summary>A row count, and its time since the start.</summary>
    public sealed record Sample(TimeSpan At, long Rows);

    /// <summary>All samples so far, in order.</summary>
    public IReadOnlyList<Sample> Timeline
    {
        get
        {
            lock (timeline)
                return [.. timeline];
        }
    }

    public long Lowest => Timeline.Min(sample => sample.Rows);

    public long Highest => Timeline.Max(sample => sample.Rows);

    /// <summary>Returns after the first sample, so that a query that cannot run fails here.</summary>
    /// <param name="query">Returns one bigint.</param>
    public static async Task<TableSampler> StartAsync(TestDatabase database, string query = "SELECT count(*) FROM inventory_items")
    {
        var connection = new NpgsqlConnection(database.ConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var sampler = new TableSampler(connection, query);
        await Eventually.HoldsAsync(() => Task.FromResult(sampler.sampling.IsCompleted || sampler.Timeline.Count > 0));
        await sampler.StillSamplesAsync();
        return sampler;
    }

    /// <summary>Fails with the timeline if a sample has fewer rows, or if two seconds passed without a sample.</summary>
    public async Task AssertNeverBelowAsync(long rows)
    {
        await StillSamplesAsync();
        var samples = Timeline;
        Assert.True(samples.All(sample => sample.Rows >= rows), $"fewer than {rows.ToString(CultureInfo.InvariantCulture)} rows:\n{this}");
        var pauses = samples.Zip(samples.Skip(1), (one, next) => next.At - one.At).Append(clock.Elapsed - samples[^1].At);
        Assert.True(pauses.Max() < TimeSpan.FromSeconds(2), $"no sample for {pauses.Max()}:\n{this}");
    }

    /// <summary>The samples that differ from the one before, one a line: <c>1.2 s: 400</c>.</summary>
    public override string ToString()
    {
        var samples = Timeline;
        return string.Concat(samples.Where((sample, i) => i == 0 || sample.Rows != samples[i - 1].Rows)
            .Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample.At.TotalSeconds:0.0} s: {sample.Rows}\n")));
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await sampling.ContinueWith(static _ => { }, TaskScheduler.Default);
        await count.DisposeAsync();
        await connection.DisposeAsync();
        stop.Dispose();
    }

    private async Task SampleAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        do
        {
            var rows = (long)(await count.ExecuteScalarAsync(stop.Token))!;
            lock (timeline)
                timeline.Add(new Sample(clock.Elapsed, rows));
        }
        while (await timer.WaitForNextTickAsync(stop.Token));
    }

    /// <summary>Throws the error of a query that failed.</summary>
    private Task StillSamplesAsync() => sampling.IsCompleted ? sampling : Task.CompletedTask;
}
