namespace Kollect.Benchmarks.Operator;

/// <summary>Costs of a number of changes.</summary>
/// <param name="OperatorSeconds">Processor time of the contestant.</param>
/// <param name="PostgresSeconds">Processor time of all processes of the server but the benchmark's.</param>
internal sealed record Cost(int Changes, double OperatorSeconds, double PostgresSeconds, double WalBytes)
{
    public static readonly Cost None = new(0, 0, 0, 0);

    public double OperatorMs => OperatorSeconds * 1000 / Changes;

    public double PostgresMs => PostgresSeconds * 1000 / Changes;

    public double WalKb => WalBytes / 1000 / Changes;

    public static Cost operator +(Cost one, Cost other) => new(
        one.Changes + other.Changes,
        one.OperatorSeconds + other.OperatorSeconds,
        one.PostgresSeconds + other.PostgresSeconds,
        one.WalBytes + other.WalBytes);

    public static Cost operator -(Cost one, Cost other) => new(
        one.Changes - other.Changes,
        one.OperatorSeconds - other.OperatorSeconds,
        one.PostgresSeconds - other.PostgresSeconds,
        one.WalBytes - other.WalBytes);
}

/// <summary>All that was measured of one contestant at one size, over all rounds. An empty list or null = not measured.</summary>
internal sealed class Samples
{
    /// <summary>Seconds from the start of the process and <c>kubectl apply</c> until all rows are in the table.</summary>
    public List<double> ArrivedSeconds { get; } = [];

    /// <summary>Milliseconds from a changed object to its row, at rest.</summary>
    public List<double> ChangeMs { get; } = [];

    public Cost ChangeCost { get; set; } = Cost.None;

    /// <summary>Milliseconds from the last answer of the API server until all rows are there.</summary>
    public List<double> BulkMs { get; } = [];

    /// <summary>Milliseconds from a created or deleted object to its row, or to the absence of its row, under churn.</summary>
    public List<double> ChurnMs { get; } = [];

    public Cost ChurnCost { get; set; } = Cost.None;

    /// <summary>Objects whose row nobody saw between their creation and their deletion.</summary>
    public int ChurnUnseen { get; set; }

    /// <summary>Over the time of <see cref="OperatorOptions.Rest"/>.</summary>
    public Cost? RestCost { get; set; }

    public double? RestMiB { get; set; }

    public double? PeakMiB { get; set; }

    public long? RestartRows { get; set; }

    public double? RestartWalBytes { get; set; }

    /// <summary>Milliseconds between two looks at the table, at rest.</summary>
    public List<double> GapMs { get; } = [];

    /// <summary>Milliseconds of a request that changes an object; all latencies include it.</summary>
    public List<double> RequestMs { get; } = [];

    /// <summary>The smallest value that at least this share of the values does not exceed; null = there is none.</summary>
    public static double? Percentile(IReadOnlyCollection<double> values, int percent) =>
        values.Count == 0 ? null : values.Order().ElementAt((int)Math.Ceiling(values.Count * percent / 100.0) - 1);
}
