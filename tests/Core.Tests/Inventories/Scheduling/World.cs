using System.Globalization;
using System.Text;
using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Inventories.Scheduling;

/// <summary>
/// Refs, sinks and a simulated clock: carries out the decisions as a host does, without a server. A ref is reconciled when it is due or something has
/// changed; decided exports run, and events and decisions are recorded as a timeline.
/// </summary>
internal sealed class World(Func<double> jitter)
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    private readonly List<RefModel> refs = [];
    private readonly List<(DateTimeOffset At, string Name, Action Apply)> script = [];
    private readonly StringBuilder lines = new($"{"seconds",8} | {"event",-46} | decision\n");
    private DateTimeOffset now = Start;

    /// <summary>Difference between the wall clock, which may be set, and the time since <see cref="Start"/>.</summary>
    private TimeSpan skew;

    public DateTimeOffset Now => now + skew;

    public string Timeline => lines.ToString();

    /// <summary>All exports that were started, in order.</summary>
    public List<ExportRun> Runs { get; } = [];

    public SinkModel Sink(string name) => new(new SinkName("platform", name));

    public RefModel Ref(string inventory, SinkModel sink, int intervalSeconds = 30)
    {
        var made = new RefModel(new InventoryName("shop", inventory), sink, ExportInterval.Of(TimeSpan.FromSeconds(intervalSeconds), None, None));
        refs.Add(made);
        return made;
    }

    /// <summary>Called after each reconcile of all refs.</summary>
    public Action Reconciled { get; set; } = () => { };

    /// <summary>Schedules an event at a number of seconds after the start.</summary>
    public void At(double second, string name, Action apply) => script.Add((Start.AddSeconds(second), name, apply));

    public void SetClock(TimeSpan by) => skew += by;

    /// <summary>Runs until a number of seconds after the start.</summary>
    public World Run(double seconds)
    {
        var end = Start.AddSeconds(seconds);
        ReconcileAll();
        while (NextTime() is { } next && next <= end)
        {
            now = next > now ? next : now;
            foreach (var entry in script.Where(it => it.At <= now).OrderBy(it => it.At).ToList())
            {
                script.Remove(entry);
                entry.Apply();
                Append("", entry.Name);
            }

            foreach (var it in refs.Where(it => it.Running is { } run && run.End <= now).ToList())
                Finish(it);
            ReconcileAll();
        }

        now = end;
        return this;
    }

    private DateTimeOffset? NextTime() => script.Select(it => it.At)
        .Concat(refs.Where(it => it.Running is not null).Select(it => it.Running!.End))
        .Concat(refs.Where(it => it.Decision is ExportDecision.WaitUntil).Select(it => ((ExportDecision.WaitUntil)it.Decision!).Time - skew))
        .Select(it => it > now ? it : now)
        .Cast<DateTimeOffset?>().Min();

    private void ReconcileAll()
    {
        foreach (var it in refs)
            Reconcile(it);
        Reconciled();
    }

    private void Reconcile(RefModel it)
    {
        var version = it.Sink.Version;
        it.Sink.Breaker = it.Sink.Breaker.For(version);
        var (decision, state) = ExportSchedule.Decide(it.State, it.Facts, it.Interval, it.Sink.Breaker, Now, jitter());
        it.State = state;
        if (decision != it.Decision && decision is not ExportDecision.Nothing { Why: "an export is running" })
            Append(Label(it), Shown(decision, it));
        it.Decision = decision;
        if (decision is ExportDecision.ExportNow export)
            Begin(it, export.Basis);
    }

    private void Begin(RefModel it, ExportBasis basis)
    {
        var afterRecovery = it.State.Sink == SinkReadiness.Recovered;
        var method = ExportMethod.Of(it.State, basis, it.Interval, Now);
        it.State = it.State.Started(basis, method, SnapshotContent.Nothing, Now);
        it.Sink.Breaker = it.Sink.Breaker.Started(it.Inventory, Now);
        var snapshotTime = it.State.Running.Match(run => run.SnapshotTime, () => default);
        var run = new ExportRun(it, basis, now, now + it.Sink.Takes, it.Sink.Breaker.State is CircuitState.HalfOpen, snapshotTime)
        {
            Method = method,
            AfterRecovery = afterRecovery,
        };
        it.Running = run;
        it.Decision = null;
        Runs.Add(run);
    }

    private void Finish(RefModel it)
    {
        var run = it.Running!;
        it.Running = null;
        var result = it.Sink.Answer(run);
        run.Result = result;
        var isLost = it.Sink.LosesBasis && run.Method is not ExportMethod.Full;
        it.State = it.State.After(result, Now, jitter(), isLost);
        it.Sink.Breaker = it.Sink.Breaker.After(run.Basis.Sink, it.Inventory, result, Now, jitter());
        var circuit = it.Sink.Breaker.State is CircuitState.Closed ? "" : $"; the circuit is {it.Sink.Breaker.State.GetType().Name.ToLowerInvariant()}";
        Append("", $"the export of {Label(it)} ends: {ExportReport.Of(result, Now).Status}{(isLost ? " in full, the basis was lost" : "")}{circuit}");
    }

    /// <summary>Appends text to the timeline as it is.</summary>
    public void Note(string text) => lines.Append(text);

    /// <param name="label">The ref of a decision; empty = an event.</param>
    /// <param name="text">One line.</param>
    private void Append(string label, string text)
    {
        var second = (now - Start).TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
        lines.Append(label.Length == 0 ? $"{second,8} | {text}\n" : $"{second,8} | {"",-46} | {(refs.Count > 1 ? label + ": " : "")}{text}\n");
    }

    /// <summary>The name that distinguishes a ref: its sink if all refs belong to one inventory, otherwise its inventory.</summary>
    private string Label(RefModel it) => refs.Count > 1 && refs.TrueForAll(other => other.Inventory == it.Inventory) ? it.Sink.Name.Name : it.Inventory.Name;

    private string Shown(ExportDecision decision, RefModel of) => decision switch
    {
        ExportDecision.ExportNow it => $"{Shown(ExportMethod.Of(of.State, it.Basis, of.Interval, Now))}: {it.Why}",
        ExportDecision.WaitUntil it => FormattableString.Invariant($"wait until {(it.Time - skew - Start).TotalSeconds:F2}: {it.Why}"),
        ExportDecision.Nothing it => $"nothing: {it.Why}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Shown(ExportMethod method) => method switch
    {
        ExportMethod.Full => "export",
        ExportMethod.Changes it => it.Looks ? "difference and look" : "difference",
        ExportMethod.Look => "look",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

/// <summary>A sink whose version, readiness and results a test sets.</summary>
internal sealed class SinkModel(SinkName name)
{
    public SinkName Name => name;

    public long Generation { get; set; } = 1;

    public int SecretVersion { get; set; } = 1;

    public bool Exists { get; set; } = true;

    public bool Ready { get; set; } = true;

    public TimeSpan Takes { get; set; } = TimeSpan.FromSeconds(0.2);

    /// <summary>The destination holds something else than it records for us.</summary>
    public bool LosesBasis { get; set; }

    public Func<ExportRun, ExportResult> Answer { get; set; } = Works;

    public SinkVersion Version => new(Generation, $"platform/{name.Name}={SecretVersion}");

    public CircuitBreaker Breaker { get; set; } = CircuitBreaker.New(new SinkVersion(0, ""));

    public SinkAvailability Availability => Exists
        ? new SinkAvailability.Usable(Backends.Postgres.Examples.Sink(), Version, new RowLocation(name, Items), Ready)
        : new SinkAvailability.Missing();

    private static TableLocation Items => new(KollectDestinationBackend.Postgres, "public", "items", "prod");

    public static ExportResult Works(ExportRun run) =>
        new ExportResult.Exported(new ExportOutcome(3, 3, 0, 0, 0, 0, 0, 0, 0, false, 0, 900, 200, Empty));

    /// <summary>As a destination with a ledger: a look finds nothing.</summary>
    public static ExportResult Records(ExportRun run) =>
        new ExportResult.Exported(new ExportOutcome(3, run.Method is ExportMethod.Look ? 0 : 3, 0, 0, 0, 0, 0, 0, 0, false, 0, 900, 200, Empty))
        {
            Fence = new Fence(run.SnapshotTime, run.Basis.Checksum),
        };

    public static ExportResult IsUnreachable(ExportRun run) => new ExportResult.Failed(
        new Failure.TryLater("connect: the server refused the connection — is it running?", TimeSpan.FromSeconds(5)) { IsOfConnection = true });

    public static ExportResult IsDown(ExportRun run) =>
        new ExportResult.Failed(new Failure.TryLater("connect: no answer — it is tried again", TimeSpan.FromSeconds(5)));

    public static ExportResult Refuses(ExportRun run) =>
        new ExportResult.Failed(new Failure.Refused("connect: wrong password — correct it in the Secret"));
}

/// <summary>One sink ref of an inventory.</summary>
internal sealed class RefModel(InventoryName inventory, SinkModel sink, ExportInterval interval)
{
    public InventoryName Inventory => inventory;

    public SinkModel Sink => sink;

    public ExportInterval Interval { get; set; } = interval;

    public SinkExportState State { get; set; } = SinkExportState.Initial;

    public ExportDecision? Decision { get; set; }

    public ExportRun? Running { get; set; }

    public int Content { get; set; } = 1;

    public long Generation { get; set; } = 1;

    public bool Suspended { get; set; }

    public bool IsExportRequested { get; set; }

    public SnapshotGate Gate { get; set; } = new SnapshotGate.Complete();

    public RefFacts Facts => new(Gate, $"content {Content}", Generation, Suspended, sink.Availability) { IsExportRequested = IsExportRequested };
}

/// <summary>One started export.</summary>
internal sealed record ExportRun(RefModel Ref, ExportBasis Basis, DateTimeOffset Start, DateTimeOffset End, bool IsTrial, DateTimeOffset SnapshotTime)
{
    public ExportResult? Result { get; set; }

    public required ExportMethod Method { get; init; }

    /// <summary>The sink has become ready since the last attempt.</summary>
    public bool AfterRecovery { get; init; }
}
