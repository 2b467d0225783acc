using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using static Kollect.Core.Tests.Manifests.SinkManifests;
using static Kollect.Core.Tests.Operator.SinkDecisions;
using static Kollect.Core.Tests.Operator.Sinks;

namespace Kollect.Core.Tests.Operator;

public sealed class SinkReconcileTests
{
    [Fact]
    public void The_preview_comes_without_a_second_probe()
    {
        var (observed, decision) = Settle(Plain(), ProbeSucceeds);
        var asked = Decide(observed.Annotated(SinkAnnotations.Preview), decision.State, later: 60);
        Assert.True(asked.Status.Exists(status => status.Preview is not null));
        Assert.IsType<Requeue.Never>(asked.Next);
    }

    [Fact]
    public void A_changed_Secret_or_spec_leads_to_a_probe_at_once_and_nothing_else_does()
    {
        var (observed, decision) = Settle(Plain(), ProbeSucceeds);
        Assert.IsType<Requeue.Never>(Decide(observed, decision.State, later: 86_400).Next);
        Assert.IsType<Requeue.AfterProbe>(Decide(observed with { SecretVersions = "shop/dsn=2" }, decision.State, later: 3).Next);
        Assert.IsType<Requeue.AfterProbe>(Decide(observed.Edited(), decision.State, later: 3).Next);
    }

    [Fact]
    public void A_failed_probe_waits_longer_each_time_and_a_changed_Secret_ends_the_wait()
    {
        var (observed, decision) = Settle(Plain(), ProbeTimesOut);
        var waits = new List<double>();
        var now = 2.0;
        for (var attempt = 0; attempt < 12; attempt++)
        {
            var due = Assert.IsType<Requeue.After>(decision.Next).Time;
            waits.Add((due - Monday).TotalSeconds - now);
            now = (due - Monday).TotalSeconds;
            Assert.IsType<Requeue.After>(Decide(observed, decision.State, later: now - 0.1 * waits[^1]).Next);
            Assert.IsType<Requeue.AfterProbe>(Decide(observed, decision.State, later: now).Next);
            decision = Decide(observed, decision.State, ProbeTimesOut, now);
            Assert.True(decision.Status.IsNone, "the same failure was written again");
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600], waits);
        Assert.IsType<Requeue.AfterProbe>(Decide(observed with { SecretVersions = "shop/dsn=2" }, decision.State, later: now + 1).Next);
    }

    [Fact]
    public void Corrected_Secrets_are_expected_from_the_first_failure_or_a_requested_probe_until_a_success()
    {
        var (observed, failed) = Settle(Plain(), ProbeRefused);
        Assert.Equal(Monday.AddSeconds(2), failed.State.SecretsExpectedSince);
        var again = Decide(observed, failed.State, ProbeRefused, 100);
        Assert.Equal(Monday.AddSeconds(2), again.State.SecretsExpectedSince);

        var changed = observed with { SecretVersions = "shop/dsn=2" };
        Assert.Equal(Monday.AddSeconds(200), Decide(changed, again.State, ProbeRefused, 200).State.SecretsExpectedSince);
        var succeeded = Decide(changed, again.State, ProbeSucceeds, 200);
        Assert.Equal(None, succeeded.State.SecretsExpectedSince);

        var requested = Decide(changed.Annotated(SinkAnnotations.TestConnection), succeeded.State, ProbeSucceeds, 300);
        Assert.Equal(Monday.AddSeconds(300), requested.State.SecretsExpectedSince);
    }

    /// <summary>Ready said for ever that the table is missing, after the first export had created it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_finding_that_the_first_export_outdates_is_probed_again_after_it(bool connectionTest)
    {
        var observed = connectionTest ? Plain() : Quiet().Annotated(SinkAnnotations.TestConnection);
        var before = Decide(observed, probe: ProbeSucceeds with { IsProvisional = true }, later: 2);
        observed = observed.After(before);
        Assert.IsType<Requeue.Never>(Decide(observed, before.State, later: 3).Next);

        var exported = observed with { HasExported = true };
        Assert.IsType<Requeue.AfterProbe>(Decide(exported, before.State, later: 4).Next);
        var after = Decide(exported, before.State, new ProbeResult.Succeeded("PostgreSQL preflight succeeded", Seq1("the table is there")), 5);
        Assert.Equal("PostgreSQL preflight succeeded; the table is there", ReadyMessage(after));
        Assert.Empty(after.Events);
        Assert.IsType<Requeue.Never>(Decide(exported.After(after), after.State, later: 6).Next);
    }

    [Fact]
    public void An_answer_that_changed_is_reported_while_the_sink_stays_ready()
    {
        var (observed, decision) = Settle(Plain(), ProbeSucceeds);
        var upgraded = new ProbeResult.Succeeded("PostgreSQL preflight succeeded", Seq1("server: PostgreSQL 16.2"));
        var after = Decide(observed with { SecretVersions = "shop/dsn=2" }, decision.State, upgraded, 60);
        Assert.Equal("PostgreSQL preflight succeeded; server: PostgreSQL 16.2", ReadyMessage(after));
        Assert.Empty(after.Events);
    }

    /// <summary>A hanging server leaves the old conditions for as long as it hangs; those about another spec are wrong from the first moment.</summary>
    [Fact]
    public void A_condition_about_an_earlier_spec_does_not_outlive_it()
    {
        var quiet = Decide(Quiet());
        var switchedOn = WithStatusOf(Plain().Edited(), Quiet().After(quiet));
        var decision = Decide(switchedOn, quiet.State, later: 1);
        Assert.Equal("Progressing", ReadyReason(decision));
        Assert.IsType<Requeue.AfterProbe>(decision.Next);

        var invalid = Observe(With(PostgresSpec, ("postgres/table", "\"\"")));
        var refused = Decide(invalid);
        var corrected = WithStatusOf(Plain().Edited(), invalid.After(refused));
        Assert.Equal("Progressing", ReadyReason(Decide(corrected, refused.State, later: 1)));

        // What a probe found stays until the next one has ended: an edit alone makes no sink unready.
        var (settled, verified) = Settle(Plain(), ProbeSucceeds);
        Assert.True(Decide(settled.Edited(), verified.State, later: 3).Status.IsNone);
    }

    [Fact]
    public void No_claim_outlives_the_switch_of_the_connection_test()
    {
        var (settled, verified) = Settle(Plain(), ProbeSucceeds);
        var decision = Decide(WithStatusOf(Quiet().Edited(), settled), verified.State, later: 3);
        Assert.Equal("ConnectionTestDisabled", ReadyReason(decision));
        Assert.StartsWith("nothing is known about the destination", ReadyMessage(decision), StringComparison.Ordinal);
        Assert.DoesNotContain(decision.Status.ToSeq().Bind(it => it.Conditions), it => it.Type == SinkConditions.ConnectionVerified);
    }

    [Fact]
    public void A_quiet_sink_is_probed_once_when_annotated_and_only_success_removes_the_annotation()
    {
        var quiet = Quiet();
        var first = Decide(quiet);
        Assert.IsType<Requeue.Never>(first.Next);

        var asked = quiet.After(first).Annotated(SinkAnnotations.TestConnection);
        var requested = Decide(asked, first.State, later: 1);
        Assert.IsType<Requeue.AfterProbe>(requested.Next);
        var failed = Decide(asked, requested.State, ProbeRefused, 2);
        Assert.Empty(failed.ClearAnnotations);
        Assert.Equal("ConnectionTestFailed", ReadyReason(failed));

        var succeeded = Decide(asked.After(failed), failed.State, ProbeSucceeds, 10);
        Assert.Equal(SinkAnnotations.TestConnection, Assert.Single(succeeded.ClearAnnotations));
        Assert.Equal("ConnectionOK", ReadyReason(succeeded));
        var refused = asked.After(failed).After(succeeded with { ClearAnnotations = Empty });
        Assert.Equal(SinkAnnotations.TestConnection, Assert.Single(Decide(refused, succeeded.State, later: 10).ClearAnnotations));
        var settled = asked.After(failed).After(succeeded);
        Assert.True(Decide(settled, succeeded.State, later: 11).Status.IsNone, "the result was lost with its annotation");
        Assert.True(Decide(settled, SinkState.Initial, later: 60).Status.IsNone, "the result was lost with the process");
        Assert.Equal("ConnectionTestDisabled", ReadyReason(Decide(settled with { SecretVersions = "shop/dsn=2" }, succeeded.State, later: 61)));
    }

    [Fact]
    public void Another_sink_of_the_same_name_inherits_no_result()
    {
        var (observed, decision) = Settle(Plain(), ProbeSucceeds);
        var another = (observed with { Sink = observed.Sink with { Status = null } }).WithMetadata(metadata => metadata with { Uid = "another" });
        Assert.IsType<Requeue.AfterProbe>(Decide(another, decision.State, later: 3).Next);
    }

    [Fact]
    public void A_damaged_status_does_not_prevent_the_probe()
    {
        var damaged = Observe(With(PostgresSpec), status: JsonNode.Parse("""{ "conditions": [{ "type": "Ready", "hint": "x" }] }"""));
        Assert.IsType<Requeue.AfterProbe>(Decide(damaged).Next);
    }

    [Fact]
    public void An_annotation_on_a_sink_that_is_probed_anyway_stays_and_causes_one_more_probe()
    {
        var (observed, decision) = Settle(Plain(), ProbeSucceeds);
        var asked = observed.Annotated(SinkAnnotations.TestConnection);
        var requested = Decide(asked, decision.State, later: 10);
        Assert.IsType<Requeue.AfterProbe>(requested.Next);
        var probed = Decide(asked, requested.State, ProbeSucceeds, 11);
        Assert.Empty(probed.ClearAnnotations);
        Assert.Equal(Monday.AddSeconds(11), probed.Status.Match(status => status.LastProbeTime, () => null));
        Assert.IsType<Requeue.Never>(Decide(asked.After(probed), probed.State, later: 12).Next);
    }

    [Fact]
    public void A_restart_probes_again_and_writes_nothing_where_the_result_is_the_same()
    {
        var (observed, _) = Settle(Plain(), ProbeSucceeds);
        var first = Decide(observed, later: 500);
        Assert.True(first.Status.IsNone);
        Assert.IsType<Requeue.AfterProbe>(first.Next);
        var second = Decide(observed, first.State, ProbeSucceeds, 501);
        Assert.True(second.Status.IsNone);
        Assert.Empty(second.Events);
    }

    [Fact]
    public void Transition_times_move_only_with_the_status_of_a_condition()
    {
        var (observed, decision) = Settle(Plain(), ProbeTimesOut);
        var refused = Decide(observed, decision.State, ProbeRefused, 50).Status
            .Match(status => status, () => throw new Xunit.Sdk.XunitException("not written"));
        Assert.Equal(Monday.AddSeconds(2), refused.Conditions.Find(it => it.Type == "Ready").Map(it => it.LastTransitionTime));
        Assert.Equal(Monday.AddSeconds(50), refused.Conditions.Find(it => it.Type == "Stalled").Map(it => it.LastTransitionTime));
    }

    [Fact]
    public void A_sink_that_is_being_deleted_is_neither_probed_nor_written()
    {
        var gone = Plain().WithMetadata(metadata => metadata with { DeletionTimestamp = Monday });
        var decision = Decide(gone, probe: ProbeSucceeds);
        Assert.True(decision.Status.IsNone);
        Assert.IsType<Requeue.Never>(decision.Next);
    }

    [Property]
    public Property The_same_observation_gives_the_same_decision_which_is_written_once()
    {
        var specs = new[]
        {
            With(PostgresSpec),
            With(MongoDbSpec),
            With(BigQuerySpec),
            With(PostgresSpec, ("connectionTest", "false")),
            With(PostgresSpec, ("postgres/table", "\"\"")),
        };
        ProbeResult[] probes = [ProbeSucceeds, ProbeRefused, NoSecret, ProbeTimesOut];
        var histories =
            from spec in Gen.Elements(specs)
            from annotations in Gen.SubListOf(SinkAnnotations.Preview, SinkAnnotations.TestConnection)
            from steps in (
                from probe in Gen.Elements(probes)
                from milliseconds in Gen.Choose(0, 700_000)
                from jitter in Gen.Choose(0, 1_000)
                select (probe, milliseconds / 1_000.0, jitter / 1_000.0)).ListOf()
            select (Spec: spec, Annotations: annotations.ToArray(), Steps: steps.ToArray());
        return Prop.ForAll(histories.ToArbitrary(), history =>
        {
            var observed = Observe(history.Spec, annotations: history.Annotations);
            var state = SinkState.Initial;
            var now = 0.0;
            foreach (var (probe, later, jitter) in history.Steps)
            {
                now += later;
                var decision = Decide(observed, state, later: now);
                Assert.Equal(decision, Decide(observed, state, later: now));
                observed = observed.After(decision);
                state = decision.State;
                if (decision.Next is Requeue.AfterProbe)
                {
                    decision = Decide(observed, state, probe, now, jitter);
                    Assert.Equal(decision, Decide(observed, state, probe, now, jitter));
                    observed = observed.After(decision);
                    state = decision.State;
                }

                var again = Decide(observed, state, null, now);
                Assert.Equal((None, Empty), (again.Status, again.Events));
                if (again.Next is not Requeue.After { Time: var retry })
                    continue;
                Assert.True(retry > Monday.AddSeconds(now), "a decision asks for the next one at once");
                Assert.IsType<Requeue.AfterProbe>(SinkReconcile.Decide(observed, state, None, retry, jitter).Next);
            }
        });
    }

    [Fact]
    public void A_server_that_cannot_be_reached_is_probed_every_few_seconds_and_lengthens_no_other_wait()
    {
        var unreachable = new ProbeResult.Failed(
            new Failure.TryLater("connect: the server refused the connection — is it running?", TimeSpan.FromSeconds(5)) { IsOfConnection = true });
        var (observed, decision) = Settle(Plain(), unreachable);
        var (now, waits) = (0.0, new List<double>());
        foreach (var probe in Enumerable.Repeat<ProbeResult>(unreachable, 50).Append(ProbeTimesOut))
        {
            decision = Decide(observed, decision.State, probe, now);
            observed = observed.After(decision);
            waits.Add((Assert.IsType<Requeue.After>(decision.Next).Time - Monday.AddSeconds(now)).TotalSeconds);
            now += waits[^1];
        }

        Assert.All(waits, wait => Assert.InRange(wait, 1.6, 18));
        Assert.InRange(waits[^1], 4, 6);
    }

    [Fact]
    public void Only_changes_by_a_user_cause_a_reconcile()
    {
        var (observed, _) = Settle(Plain(), ProbeSucceeds);
        Assert.False(observed.Sink.NeedsReconcile(Plain().Sink));
        Assert.True(observed.Edited().Sink.NeedsReconcile(observed.Sink));
        Assert.True(observed.Annotated(SinkAnnotations.Preview).Sink.NeedsReconcile(observed.Sink));
        Assert.False(observed.Annotated("kubectl.kubernetes.io/last-applied-configuration").Sink.NeedsReconcile(observed.Sink));
    }

    [Fact]
    public void An_event_reports_a_changed_reason_or_stall_and_no_changed_message()
    {
        var (observed, decision) = Settle(Plain(), ProbeTimesOut);
        var otherMessage = new ProbeResult.Failed(new Failure.TryLater("connect: connection refused — tried again", TimeSpan.FromSeconds(5)));
        var failedAgain = Decide(observed, decision.State, otherMessage, 10);
        Assert.True(failedAgain.Status.IsSome);
        Assert.Empty(failedAgain.Events);
        var stalled = Decide(observed.After(failedAgain), failedAgain.State, ProbeRefused, 20);
        Assert.True(Assert.Single(stalled.Events).IsWarning);
        var recovered = Decide(observed.After(failedAgain).After(stalled), stalled.State, ProbeSucceeds, 30);
        Assert.False(Assert.Single(recovered.Events).IsWarning);
    }

    private static SinkObservation.Present WithStatusOf(SinkObservation.Present sink, SinkObservation.Present other) =>
        sink with { Sink = sink.Sink with { Status = other.Sink.Status } };

    private static string ReadyMessage(SinkDecision decision) =>
        decision.Status.Bind(status => status.Conditions.Find(it => it.Type == "Ready")).Map(it => it.Message).IfNone("");

    private static string ReadyReason(SinkDecision decision) =>
        decision.Status.Bind(status => status.Conditions.Find(it => it.Type == "Ready")).Map(it => it.Reason).IfNone("");
}
