using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;

namespace Kollect.Core.Operator;

/// <summary>The reconcile loop of a sink without its effects: what is seen, and perhaps what a probe found -> what to write and what to do next.</summary>
public static class SinkReconcile
{
    /// <summary>One look. Deciding twice from the same facts writes nothing the second time.</summary>
    /// <param name="observed">The sink and its Secrets.</param>
    /// <param name="state">What the last decision left.</param>
    /// <param name="probe">None = no probe has just ended; the decision may ask for one.</param>
    /// <param name="now">To the second is enough.</param>
    /// <param name="jitter">0 to 1, anew for each decision.</param>
    public static SinkDecision Decide(ObservedSink observed, SinkState state, Option<ProbeResult> probe, DateTimeOffset now, double jitter)
    {
        if (observed.Sink.Metadata.DeletionTimestamp is not null)
            return new SinkDecision(None, Empty, Empty, new Requeue.Never(), state);
        var look = new Look(observed, state, KubernetesTime.WholeSeconds(now));
        return SinkParser.Parse(observed.Sink, SpecParts.OfSpec(observed.Structural)).Match(
            Right: sink => probe.Match(
                result => look.AfterProbe(sink, Situation.Of(result), jitter),
                () => look.BeforeProbe(sink)),
            Left: look.Invalid);
    }

    /// <summary>Whether <paramref name="after"/> asks for a look that <paramref name="before"/> did not: spec, annotations and deletion do, a status does not.</summary>
    public static bool AsksForLook(KollectDatabaseSink before, KollectDatabaseSink after) =>
        before.Metadata.Uid != after.Metadata.Uid
        || before.Metadata.Generation != after.Metadata.Generation
        || before.Metadata.DeletionTimestamp != after.Metadata.DeletionTimestamp
        || before.Asks(SinkAnnotations.TestConnection) != after.Asks(SinkAnnotations.TestConnection)
        || before.Asks(SinkAnnotations.Preview) != after.Asks(SinkAnnotations.Preview);

    private sealed record Look(ObservedSink Observed, SinkState State, DateTimeOffset Now)
    {
        private KollectDatabaseSink Object => Observed.Sink;

        private KollectDatabaseSinkStatus Old => Object.Status ?? new KollectDatabaseSinkStatus();

        private bool IsTestRequested => Object.Asks(SinkAnnotations.TestConnection);

        /// <summary>The last probe, if it was one of exactly this spec and these Secrets.</summary>
        private Option<ProbeRecord> Probed => State.Last.Filter(last => last.Of == Observed.State);

        public SinkDecision Invalid(Seq<Problem> problems) => Report(
            None, new Situation.InvalidSpec(problems), Old.LastProbeTime, new Requeue.Never(), SinkState.Initial);

        public SinkDecision BeforeProbe(Sink sink)
        {
            var remembered = State with { TestRequestSeen = State.TestRequestSeen && IsTestRequested };
            if (!sink.Settings.ConnectionTest && !IsTestRequested)
                return Unprobed(sink, remembered);
            if (IsDue())
                return Wait(sink, remembered);
            var last = Probed.IfNone(() => throw new System.Diagnostics.UnreachableException());
            return Obeyed(sink, last, Report(sink, last.Outcome, Old.LastProbeTime, Next(last), remembered));
        }

        public SinkDecision AfterProbe(Sink sink, Situation outcome, double jitter)
        {
            var failures = outcome.IsFailedProbe ? Probed.Match(last => last.FailuresInARow, () => 0) + 1 : 0;
            var atLeast = outcome is Situation.ProbeFailed transient ? transient.After : TimeSpan.Zero;
            var record = new ProbeRecord(
                Observed.State, outcome, failures, failures > 0 ? Now + Waits.Destinations.After(failures, jitter, atLeast) : None);
            var probedAt = IsNews(outcome) ? Now : Old.LastProbeTime;
            return Obeyed(sink, record, Report(sink, outcome, probedAt, Next(record), new SinkState(record, IsTestRequested)));
        }

        /// <summary>The request of a sink that is not probed otherwise goes after its success: with that look, or with a later one where it could not be taken off then.</summary>
        private SinkDecision Obeyed(Sink sink, ProbeRecord last, SinkDecision decision) =>
            IsTestRequested && last.FailuresInARow == 0 && !sink.Settings.ConnectionTest
                ? decision with { ClearAnnotations = Seq1(SinkAnnotations.TestConnection) }
                : decision;

        private static Requeue Next(ProbeRecord last) => last.RetryAt.Match<Requeue>(time => new Requeue.After(time), () => new Requeue.Never());

        private bool IsDue() =>
            (IsTestRequested && !State.TestRequestSeen) || Probed.Match(last => last.RetryAt.Exists(time => Now >= time), () => true);

        /// <summary>A retry, or the probe after a restart, that finds what is known already moves no time: nothing is written then.</summary>
        private bool IsNews(Situation outcome) =>
            (IsTestRequested && !State.TestRequestSeen)
            || Old.ObservedGeneration != Object.Metadata.Generation
            || State.Last.Exists(last => last.Of != Observed.State)
            || !Conditions(SinkConditions.Of(outcome)).ForAll(it => Old.Conditions.Exists(old => old == it));

        /// <summary>Nobody wants a probe. A success that was asked for holds as long as spec and Secrets stay, also over a restart.</summary>
        private SinkDecision Unprobed(Sink sink, SinkState remembered)
        {
            var verified = State.Last.IsSome ? Probed.Filter(last => last.FailuresInARow == 0) : Restored();
            return verified.Match(
                last => Report(sink, last.Outcome, Old.LastProbeTime, new Requeue.Never(), remembered with { Last = last }),
                () => Report(sink, new Situation.ProbeDisabled(), Old.LastProbeTime, new Requeue.Never(), remembered));
        }

        private Option<ProbeRecord> Restored() => Old.Conditions
            .Find(it => it.Type == SinkConditions.ConnectionVerified)
            .Filter(it => it.Status == KollectConditionStatus.True && it.ObservedGeneration == Object.Metadata.Generation)
            .Map(it => new ProbeRecord(Observed.State, new Situation.ProbeSucceeded(it.Message), 0, None));

        /// <summary>A probe is due. What stands in the conditions stays until it has ended; where nothing stands, that is said at once.</summary>
        private SinkDecision Wait(Sink sink, SinkState remembered)
        {
            if (!Old.Conditions.Exists(it => it.Type == SinkConditions.Ready))
                return Report(sink, new Situation.FirstSight(), Old.LastProbeTime, new Requeue.AfterProbe(sink), remembered);
            var status = Old with { Preview = Preview(sink), UnknownFields = default };
            return new SinkDecision(Unless(status == Object.Status, status), Empty, Empty, new Requeue.AfterProbe(sink), remembered);
        }

        private SinkDecision Report(Option<Sink> sink, Situation situation, DateTimeOffset? lastProbe, Requeue next, SinkState state)
        {
            var insecure = sink.Exists(it => it.Settings.Tls.InsecureSkipVerify) ? Seq1(SinkConditions.InsecureSkipVerify) : Empty;
            var status = new KollectDatabaseSinkStatus
            {
                ObservedGeneration = Object.Metadata.Generation,
                LastProbeTime = lastProbe,
                Conditions = Conditions(Join(SinkConditions.Of(situation), insecure)),
                Preview = sink.MatchUnsafe(Preview, () => null),
            };
            return new SinkDecision(Unless(status == Object.Status, status), Events(status), Empty, next, state);
        }

        private KollectDatabaseSinkStatusPreview? Preview(Sink sink) =>
            Object.Asks(SinkAnnotations.Preview) ? SinkPreview.Of(Object, sink, Old.Preview, Now) : null;

        private Seq<KollectCondition> Conditions(Seq<Condition> wanted) => wanted.Map(it => new KollectCondition
        {
            Type = it.Type,
            Status = it.Status,
            ObservedGeneration = Object.Metadata.Generation,
            LastTransitionTime = Old.Conditions.Find(old => old.Type == it.Type && old.Status == it.Status).Match(old => old.LastTransitionTime, () => Now),
            Reason = it.Reason,
            Message = it.Message,
        }).Strict();

        /// <summary>One event when what Ready says has changed; the first sight of a sink is no news.</summary>
        private Seq<ObjectEvent> Events(KollectDatabaseSinkStatus status)
        {
            var ready = status.Conditions.Find(it => it.Type == SinkConditions.Ready);
            var before = Old.Conditions.Find(it => it.Type == SinkConditions.Ready);
            return ready
                .Filter(it => it.Status != KollectConditionStatus.Unknown)
                .Filter(it => !before.Exists(old => old.Status == it.Status && old.Reason == it.Reason && old.Message == it.Message))
                .Map(it => new ObjectEvent(it.Status == KollectConditionStatus.False, it.Reason, it.Message))
                .ToSeq();
        }

        private static Option<KollectDatabaseSinkStatus> Unless(bool same, KollectDatabaseSinkStatus status) => same ? None : Some(status);
    }
}
