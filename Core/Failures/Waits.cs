namespace Kollect.Core.Failures;

/// <summary>
/// Every wait of the program, by name: between two attempts, between two polls, and for further changes. No other code decides how long to wait.
/// </summary>
internal static class Waits
{
    /// <summary>Between two attempts of an export, a removal or a probe: 5 s, 10 s, 20 s … 10 min. A server may ask for up to 1 h.</summary>
    public static Backoff Destinations { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)) { LongestAsked = TimeSpan.FromHours(1) };

    /// <summary>
    /// Between two attempts to connect to a server that cannot be reached: 1 s, 2 s, 4 s, 4 s … For each sink one export tries it, whatever the number of
    /// inventories: no more than a connection in about four seconds.
    /// </summary>
    public static Backoff Connections { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));

    /// <summary>
    /// Between two probes of a sink whose server cannot be reached: 2 s, 4 s, 8 s, 15 s, 15 s … Each is one connection, and one read of its Secrets. Exports
    /// try sooner, and only one for all inventories.
    /// </summary>
    public static Backoff UnreachableSinks { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15));

    /// <summary>After a server error that passes by itself, such as a deadlock.</summary>
    public static TimeSpan Soon { get; } = TimeSpan.FromSeconds(5);

    /// <summary>After a server error that needs an administrator, such as a full disk.</summary>
    public static TimeSpan Later { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait for a lock of PostgreSQL, unless the sink, the connection string or the role limits it.</summary>
    public static TimeSpan Locks { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait after a rate limit or a quota of BigQuery, which are refilled within a minute.</summary>
    public static TimeSpan Quota { get; } = TimeSpan.FromSeconds(60);

    /// <summary>A sink that fails for all inventories is paused for this time; then one export tries it.</summary>
    public static TimeSpan CircuitBreaker { get; } = TimeSpan.FromSeconds(30);

    /// <summary>After a reconcile whose requests to the API server failed: 0.5 s, 1 s … 30 s.</summary>
    public static Backoff Reconciles { get; } = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    /// <summary>
    /// Between two attempts of one request to the API server: five attempts within some ten seconds. The server may ask for up to 30 s.
    /// </summary>
    public static Backoff ApiRequests { get; } =
        new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5)) { Spread = (0.5, 1.5), LongestAsked = TimeSpan.FromSeconds(30), Attempts = 5 };

    /// <summary>After a watch that failed: 0.2 s … 30 s. A server or a proxy may ask for up to 5 min; the watch reports nothing for that time.</summary>
    public static Backoff Watches { get; } =
        new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30)) { Spread = (0.5, 1), LongestAsked = TimeSpan.FromMinutes(5) };

    /// <summary>After a watch that worked and was closed: up to 0.2 s, because a proxy may close each watch at once.</summary>
    public static Backoff ClosedWatches { get; } = Watches with { Longest = Watches.Shortest, Spread = (0, 1) };

    /// <summary>
    /// A list or watch that fails for this time is reported: the rows may be stale by then. Also the time for which a snapshot may be unknown before an
    /// inventory is no longer ready.
    /// </summary>
    public static TimeSpan BeforeOutage { get; } = TimeSpan.FromMinutes(1);

    /// <summary>A refused permission is believed after this time.</summary>
    public static TimeSpan BeforeForbidden { get; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The rows of a deleted target are removed after this time, if the API server still serves its kind then: the deletion of a
    /// CustomResourceDefinition deletes all targets first.
    /// </summary>
    public static TimeSpan DeletedTarget { get; } = TimeSpan.FromSeconds(3);

    /// <summary>As above, after the kind itself was gone: the targets may be created again by a tool that synchronizes every few minutes.</summary>
    public static TimeSpan ReturnedTargets { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How often times that pass by themselves are looked for among targets.</summary>
    public static TimeSpan Ages { get; } = TimeSpan.FromSeconds(1);

    /// <summary>After a list and watch that ended by a defect of the program.</summary>
    public static TimeSpan AfterDefect { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two requests for a kind that the API server does not serve yet; it may be installed at any time.</summary>
    public static TimeSpan KindDiscovery { get; } = TimeSpan.FromSeconds(10);

    /// <summary>After a failed request for the kinds that the API server serves.</summary>
    public static TimeSpan UnansweredDiscovery { get; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Between two attempts of a request or statement to BigQuery within one export: 1 s … 16 s, six attempts (BigQuery, "Jobs: exponential backoff").
    /// </summary>
    public static Backoff BigQueryRequests { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(16)) { Spread = (0.5, 1), Attempts = 6 };

    /// <summary>Between two polls of a running BigQuery job: 0.1 s … 2 s.</summary>
    public static Backoff BigQueryJobs { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2)) { Factor = 1.5, Spread = (1, 1) };

    /// <summary>Between two exports of content that keeps changing: as long as the last one took, 200 ms at most.</summary>
    public static TimeSpan Spacing(TimeSpan took) => took < TimeSpan.FromMilliseconds(200) ? took : TimeSpan.FromMilliseconds(200);

    /// <summary>After this time the next export sends and compares all rows, whatever the looks before have found.</summary>
    public static TimeSpan Comparisons { get; } = TimeSpan.FromHours(23);

    /// <summary>An edited inventory or sink waits for further edits, so that one export follows all: 0.5 s to 1 s. Changed content does not wait.</summary>
    public static Backoff Changes { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)) { Spread = (0.5, 1) };

    /// <summary>An open destination that no export uses is closed after this time, with its connection.</summary>
    public static TimeSpan IdleDestinations { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Between two reports of changed content; a report names each namespace once.</summary>
    public static TimeSpan ContentReports { get; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Between two reports of changed objects; a report names each object once.</summary>
    public static TimeSpan Reports { get; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two writes of counts alone; the first change after a quiet time is written at once.</summary>
    public static TimeSpan Counts { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Counts are written sooner where no export has followed the last one for this time.</summary>
    public static TimeSpan LastCounts { get; } = TimeSpan.FromSeconds(3);

    /// <summary>The shortest time between two reads of the version of one Secret.</summary>
    public static TimeSpan SecretPolls { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The number of Secrets that are read at most for each of <see cref="SecretPolls"/>: 50 a second. Further ones wait for the next.</summary>
    public const int MaxSecretsAtOnce = 100;

    /// <summary>
    /// Between two reads of the version of a Secret. Where a correction is expected, the wait grows from 2 s as an eighth of the time that the cause
    /// has lasted, up to the interval: soon after a failure a correction shows within seconds, and a cause that stays costs little.
    /// </summary>
    /// <param name="interval">The interval while nothing fails.</param>
    /// <param name="expectedFor">The time for which a correction has been expected; None = none is.</param>
    public static TimeSpan Secrets(TimeSpan interval, Option<TimeSpan> expectedFor) =>
        expectedFor.Map(time => time / 8 < interval ? time / 8 : interval).IfNone(interval) is var wait && wait > SecretPolls ? wait : SecretPolls;

    /// <summary>Until a sink that is being deleted, and is in use, is decided about again: its namespace may be deleted meanwhile.</summary>
    public static TimeSpan EndOfNamespace { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The time for which the removal of orphaned rows is retried.</summary>
    public static TimeSpan Cleanup { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// For work that was cancelled or has reached its limit to end by itself, so that the server hears of it and releases its locks. Then its
    /// connections are closed, and after as long again nobody waits for it.
    /// </summary>
    public static TimeSpan Ending { get; } = TimeSpan.FromSeconds(2);
}
