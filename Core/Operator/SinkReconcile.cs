using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator;

/// <summary>The reconcile of a sink without its effects: observation and optional result of a probe -> writes and next step.</summary>
internal static class SinkReconcile
{
    /// <summary>One decision. Deciding again from an observation of what was written writes nothing.</summary>
    /// <param name="observed">The sink and its Secrets.</param>
    /// <param name="state">The state of the last decision.</param>
    /// <param name="probe">None = no probe has just ended; the decision may ask for one.</param>
    /// <param name="now">With its fraction of a second: a wait must be over when it is looked at again.</param>
    /// <param name="jitter">0 to 1, anew for each decision.</param>
    public static SinkDecision Decide(SinkObservation.Present observed, SinkState state, Option<ProbeResult> probe, DateTimeOffset now, double jitter)
    {
        var decider = new Decider(observed, state, now);
        var decision = observed.Sink.Metadata.DeletionTimestamp is not null ? decider.Deleted() : observed.Sink.Spec.Match(
            Right: sink => probe.Match(
                result => decider.AfterProbe(sink, Situation.Of(result), jitter),
                () => decider.BeforeProbe(sink)),
            Left: decider.Invalid);
        return decision with { Finalizers = observed.Use.Bind(use => SinkProtection.Finalizers(observed.Sink, use)) };
    }

    private sealed record Decider(SinkObservation.Present Observed, SinkState State, DateTimeOffset Now)
    {
        private SinkObject Object => Observed.Sink;

        private KollectDatabaseSinkStatus? Stored { get; } = StoredStatus.Own(Observed.Sink.Status);

        private KollectDatabaseSinkStatus Old => Stored ?? new KollectDatabaseSinkStatus();

        private Seq<StatusCondition> OldConditions => StatusCondition.Read(Old.Conditions);

        private long Generation => Object.Metadata.Generation ?? 0;

        private bool IsTestDue => Object.IsTestRequested && !State.IsTestRequestMet;

        /// <summary>The first export has created what the last probe reported as missing.</summary>
        private bool IsOutdated => Observed.HasExported && Probed.IsSome && State.IsProvisional;

        /// <summary>The last probe, if it was one of exactly this spec and these Secrets.</summary>
        private Option<ProbeRecord> Probed => State.Last.Filter(last => last.Of == Observed.State);

        /// <summary>It is not probed any more. Decided again, because the end of its namespace is no change of the sink.</summary>
        public SinkDecision Deleted()
        {
            var holders = Observed.Use.Map(use => SinkProtection.Holders(Object, use)).IfNone(Empty);
            return holders.IsEmpty || !Object.Metadata.Finalizers.Contains(SinkProtection.Finalizer)
                ? new SinkDecision(None, Empty, Empty, new Requeue.Never(), State)
                : Report(
                    Object.Spec.ToOption(), new Situation.InUse(holders), Old.LastProbeTime, new Requeue.After(Now + Waits.EndOfNamespace), State);
        }

        public SinkDecision Invalid(Seq<Problem> problems) => Report(
            None, new Situation.InvalidSpec(problems), Old.LastProbeTime, new Requeue.Never(), SinkState.Initial);

        public SinkDecision BeforeProbe(Sink sink)
        {
            var state = State with { IsTestRequestMet = State.IsTestRequestMet && Object.IsTestRequested };
            if (!sink.Settings.ConnectionTest && !Object.IsTestRequested && !IsOutdated)
                return Unprobed(sink, state);
            if (IsDue())
                return AwaitProbe(sink, state);
            var last = Probed.IfNone(() => throw new UnreachableException());
            return WithoutMetRequest(sink, last, Report(sink, last.Outcome, Old.LastProbeTime, Next(last), state));
        }

        public SinkDecision AfterProbe(Sink sink, Situation outcome, double jitter)
        {
            var failures = outcome.IsFailedProbe ? Probed.Match(last => last.FailuresInARow, () => 0) + 1 : 0;
            var ended = new ProbeRecord(Observed.State, outcome, failures, None, SecretsExpectedSince(failures));
            var alike = failures == 0 ? 0 : Probed.Filter(last => last.IsUnreachable == ended.IsUnreachable).Map(last => last.Alike).IfNone(0) + 1;
            var record = ended with { Alike = alike, RetryAt = RetryAfter(outcome, alike, jitter) };
            var probedAt = IsNew(outcome) ? KubernetesTime.WholeSeconds(Now) : Old.LastProbeTime;
            return WithoutMetRequest(sink, record, Report(sink, outcome, probedAt, Next(record), new SinkState(record, Object.IsTestRequested)));
        }

        /// <param name="alike">See <see cref="ProbeRecord.Alike"/>.</param>
        private Option<DateTimeOffset> RetryAfter(Situation outcome, int alike, double jitter) => outcome switch
        {
            Situation.ProbeFailed { IsOfConnection: true } => Times.Add(Now, Waits.UnreachableSinks.After(alike, jitter)),
            Situation.ProbeFailed it => Times.Add(Now, Waits.Destinations.After(alike, jitter, it.After)),
            { IsFailedProbe: true } => Times.Add(Now, Waits.Destinations.After(alike, jitter)),
            _ => None,
        };

        /// <summary>A failure that goes on keeps its time; a requested probe begins a new one.</summary>
        private Option<DateTimeOffset> SecretsExpectedSince(int failures) =>
            failures == 1 || IsTestDue ? Now
            : failures == 0 ? None
            : Probed.Bind(last => last.SecretsExpectedSince);

        /// <summary>
        /// The request of a sink that is not probed otherwise is removed after its success: with that decision, or with a later one where the annotation
        /// could not be removed then.
        /// </summary>
        private SinkDecision WithoutMetRequest(Sink sink, ProbeRecord last, SinkDecision decision) =>
            Object.IsTestRequested && last.FailuresInARow == 0 && !sink.Settings.ConnectionTest
                ? decision with { ClearAnnotations = Seq1(SinkAnnotations.TestConnection) }
                : decision;

        private static Requeue Next(ProbeRecord last) => last.RetryAt.Match<Requeue>(time => new Requeue.After(time), () => new Requeue.Never());

        private bool IsDue() => IsTestDue || IsOutdated || Probed.Match(last => last.RetryAt.Exists(time => Now >= time), () => true);

        /// <summary>A retry, or the probe after a restart, with the same result changes no time: nothing is written then.</summary>
        private bool IsNew(Situation outcome) =>
            IsTestDue
            || Old.ObservedGeneration != Object.Metadata.Generation
            || State.Last.Exists(last => last.Of != Observed.State)
            || !Conditions(SinkConditions.Of(outcome)).ForAll(it => OldConditions.Contains(it));

        /// <summary>No probe is wanted. A success that was requested holds as long as spec and Secrets stay, also over a restart.</summary>
        private SinkDecision Unprobed(Sink sink, SinkState state)
        {
            var verified = State.Last.IsSome ? Probed.Filter(last => last.FailuresInARow == 0) : Restored();
            return verified.Match(
                last => Report(sink, last.Outcome, Old.LastProbeTime, new Requeue.Never(), state with { Last = last }),
                () => Report(sink, new Situation.ProbeDisabled(), Old.LastProbeTime, new Requeue.Never(), state));
        }

        private Option<ProbeRecord> Restored() => OldConditions
            .Find(it => it.Condition is { Type: SinkConditions.ConnectionVerified, Status: KollectConditionStatus.True } && it.Generation == Generation)
            .Map(it => new ProbeRecord(Observed.State, new Situation.ProbeSucceeded(it.Condition.Message), 0, None, None));

        /// <summary>
        /// A probe is due. The conditions stay as they are until it has ended; where there are none, or they are about an earlier spec that the present
        /// one contradicts, the first ones are written at once.
        /// </summary>
        private SinkDecision AwaitProbe(Sink sink, SinkState state)
        {
            var ready = OldConditions.Find(it => it.Condition.Type == Condition.Ready);
            if (!ready.Exists(it => it.Generation == Generation || !SinkConditions.IsOfSpecAlone(it.Condition)))
                return Report(sink, new Situation.FirstProbe(), Old.LastProbeTime, new Requeue.AfterProbe(sink), state);
            var status = Old with { Preview = Preview(sink) };
            return new SinkDecision(IfChanged(status), Empty, Empty, new Requeue.AfterProbe(sink), state);
        }

        private SinkDecision Report(Option<Sink> sink, Situation situation, DateTimeOffset? lastProbe, Requeue next, SinkState state)
        {
            var insecure = sink.Exists(it => it.Settings.Tls.InsecureSkipVerify) ? Seq1(SinkConditions.InsecureSkipVerify) : Empty;
            var conditions = Conditions(Join(SinkConditions.Of(situation), insecure));
            var status = new KollectDatabaseSinkStatus
            {
                ObservedGeneration = Object.Metadata.Generation,
                LastProbeTime = lastProbe,
                Conditions = [.. conditions.Map(it => it.Model)],
                Preview = sink.MatchUnsafe(Preview, () => null),
            };
            return new SinkDecision(IfChanged(status), Transitions.Of(Condition.Ready, OldConditions, conditions).ToSeq(), Empty, next, state);
        }

        private KollectDatabaseSinkStatusPreview? Preview(Sink sink) =>
            Object.IsPreviewRequested ? SinkPreview.Of(sink, Object.Warnings, Old.Preview, KubernetesTime.WholeSeconds(Now)) : null;

        private Seq<StatusCondition> Conditions(Seq<Condition> conditions) => StatusCondition.Of(conditions, OldConditions, Generation, Now);

        private Option<KollectDatabaseSinkStatus> IfChanged(KollectDatabaseSinkStatus status) =>
            StoredStatus.Own(status) == Stored ? None : Some(status);
    }
}
