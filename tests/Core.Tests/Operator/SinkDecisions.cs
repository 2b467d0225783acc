using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Operator;
using static Kollect.Core.Tests.Operator.Sinks;

namespace Kollect.Core.Tests.Operator;

/// <summary>Results of probes, and the decisions that follow from them.</summary>
internal static class SinkDecisions
{
    public static readonly ProbeResult.Succeeded ProbeSucceeds = new ProbeResult.Succeeded(
        "PostgreSQL preflight succeeded", Seq("server: PostgreSQL 15.18", "table: \"public\".\"inventory_items\" is missing, and the role may create it"));

    public static readonly ProbeResult ProbeRefused = new ProbeResult.Failed(
        new Failure.Refused("connect: password authentication failed for user \"***\" (28P01) — correct user and password in the Secret"));

    public static readonly ProbeResult NoSecret = new ProbeResult.Failed(
        new Failure.Refused("secret: Secret shop/dsn was not found") { IsOfSecret = true });

    public static readonly ProbeResult ProbeTimesOut = new ProbeResult.Failed(
        new Failure.TryLater("connect: the server does not answer (timeout) — tried again", TimeSpan.FromSeconds(5)));

    public static SinkDecision Decide(
        SinkObservation.Present observed, SinkState? state = null, ProbeResult? probe = null, double later = 0, double jitter = 0.5) =>
        SinkReconcile.Decide(observed, state ?? SinkState.Initial, probe is null ? None : Some(probe), Monday.AddSeconds(later), jitter);

    /// <summary>First reconcile, probe, and the reconcile with its result: the state in which the sink stays.</summary>
    public static (SinkObservation.Present Observed, SinkDecision Decision) Settle(SinkObservation.Present observed, ProbeResult probe)
    {
        var first = Decide(observed);
        var second = Decide(observed.After(first), first.State, probe, 2);
        return (observed.After(first).After(second), second);
    }
}
