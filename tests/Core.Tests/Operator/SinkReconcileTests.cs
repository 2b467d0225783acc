using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using static Kollect.Core.Tests.Manifests.SinkManifests;
using static Kollect.Core.Tests.Operator.Sinks;

namespace Kollect.Core.Tests.Operator;

public sealed class SinkReconcileTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly ProbeResult.Succeeded Success = new ProbeResult.Succeeded(
        "PostgreSQL preflight succeeded", Seq("server: PostgreSQL 15.18", "table: \"public\".\"inventory_items\" is missing, and the role may create it"));

    private static readonly ProbeResult Refusal = new ProbeResult.Failed(
        new Failure.Refused("connect: password authentication failed for user \"***\" (28P01) — correct user and password in the Secret"));

    private static readonly ProbeResult NoSecret = new ProbeResult.Failed(
        new Failure.Refused("secret: Secret shop/dsn was not found") { IsOfSecret = true });

    private static readonly ProbeResult Outage = new ProbeResult.Failed(
        new Failure.TryLater("connect: the server does not answer (timeout) — tried again", TimeSpan.FromSeconds(5)));

    private static SinkDecision Decide(
        SinkObservation.Present observed, SinkState? state = null, ProbeResult? probe = null, double later = 0, double jitter = 0.5) =>
        SinkReconcile.Decide(observed, state ?? SinkState.Initial, probe is null ? None : Some(probe), Monday.AddSeconds(later), jitter);

    /// <summary>First reconcile, probe, and the reconcile with its result: the state in which the sink stays.</summary>
    private static (SinkObservation.Present Observed, SinkDecision Decision) Settle(SinkObservation.Present observed, ProbeResult probe)
    {
        var first = Decide(observed);
        var second = Decide(observed.After(first), first.State, probe, 2);
        return (observed.After(first).After(second), second);
    }

    [Fact]
    public void First_probe() => Verify("first-probe", Decide(Plain()));

    [Fact]
    public void Probe_ok() => Verify("probe-ok", Settle(Plain(), Success).Decision);

    [Fact]
    public void In_use() => Verify("in-use", Decide(Deleted(Plain(), "shop/all", "shop/old")));

    [Fact]
    public void A_sink_is_protected_while_an_inventory_uses_it()
    {
        var used = Used(Plain(), true, "shop/all");
        Assert.Equal(Some(Seq1(SinkProtection.Finalizer)), Decide(used).Finalizers);
        Assert.Equal(None, Decide(Protected(used)).Finalizers);
        Assert.Equal(Some(Seq<string>()), Decide(Protected(Used(Plain(), true))).Finalizers);
        Assert.Equal(None, Decide(Used(Plain(), true)).Finalizers);
        Assert.Equal(None, Decide(Plain()).Finalizers);
        Assert.Equal(
            Some(Seq1("example.com/other")),
            Decide(Used(Plain(), true).WithMetadata(it => it with { Finalizers = Seq("example.com/other", SinkProtection.Finalizer) })).Finalizers);
    }

    [Fact]
    public void A_sink_stays_protected_until_all_inventories_are_known()
    {
        Assert.Equal(None, Decide(Protected(Used(Plain(), false))).Finalizers);
        Assert.Equal(Some(Seq1(SinkProtection.Finalizer)), Decide(Used(Plain(), false, "shop/all")).Finalizers);
    }

    [Fact]
    public void A_deleted_sink_goes_with_its_last_use_and_accepts_no_finalizer()
    {
        var held = Deleted(Plain(), "shop/all");
        Assert.Equal(None, Decide(held).Finalizers);
        Assert.Equal(new Requeue.After(Monday + Waits.EndOfNamespace), Decide(held).Next);
        Assert.Empty(Decide(held.After(Decide(held)), later: 10).Events);
        Assert.Equal(None, Decide(held.After(Decide(held)), later: 10).Status);
        Assert.Equal(Some(Seq<string>()), Decide(Deleted(Plain())).Finalizers);
        Assert.Equal(None, Decide(Deleted(Plain(), "shop/all").WithMetadata(it => it with { Finalizers = Empty })).Finalizers);
    }

    [Fact]
    public void An_inventory_of_another_namespace_does_not_keep_a_sink_whose_namespace_is_being_deleted()
    {
        SinkObservation.Present Ending(params string[] users)
        {
            var sink = Deleted(Plain(), users);
            return sink with { Use = sink.Use.Map(use => use with { NamespaceEnds = true }) };
        }

        Assert.Equal(Some(Seq<string>()), Decide(Ending("_cluster/everything", "team/all")).Finalizers);
        Assert.Equal(None, Decide(Ending("_cluster/everything", "shop/all")).Finalizers);
    }

    private static SinkObservation.Present Used(SinkObservation.Present sink, bool isComplete, params string[] users) => sink with
    {
        Use = new SinkUse(
            users.Select(it => it.Split('/')).Select(it => new Core.Sinks.InventoryName(it[0], it[1])).ToArray().ToSeq(), isComplete, NamespaceEnds: false),
    };

    private static SinkObservation.Present Protected(SinkObservation.Present sink) =>
        sink.WithMetadata(it => it with { Finalizers = Seq1(SinkProtection.Finalizer) });

    private static SinkObservation.Present Deleted(SinkObservation.Present sink, params string[] users) =>
        Protected(Used(sink, true, users)).WithMetadata(it => it with { DeletionTimestamp = Monday });

    [Fact]
    public void Secret_missing() => Verify("secret-missing", Settle(Plain(), NoSecret).Decision);

    [Fact]
    public void Probe_refused() => Verify("probe-refused", Settle(Plain(), Refusal).Decision);

    [Fact]
    public void Probe_failed() => Verify("probe-failed", Settle(Plain(), Outage).Decision);

    [Fact]
    public void Probe_disabled() => Verify("probe-disabled", Decide(Quiet()));

    [Fact]
    public void Spec_invalid() => Verify(
        "spec-invalid", Decide(Observe(With(PostgresSpec, ("postgres/table", "\"\""), ("options/role", "\"postgres\""), ("layout", "\"flat\"")))));

    [Fact]
    public void TLS_insecure() => Verify(
        "tls-insecure", Settle(Observe(With(PostgresSpec, ("tls/insecureSkipVerify", "true"))), Success).Decision);

    [Theory]
    [InlineData("postgres", PostgresSpec)]
    [InlineData("mongodb", MongoDbSpec)]
    [InlineData("bigquery", BigQuerySpec)]
    public void The_preview_of_each_backend(string backend, string spec)
    {
        var (observed, decision) = Settle(Observe(With(spec, ("provisioning/mode", "\"existing\"")), annotations: SinkAnnotations.Preview), Success);
        var preview = decision.Status.Map(status => JsonNode.Parse(ObjectRequests.Status(observed.Sink.Identity, status))!["status"]!["preview"]!.AsObject());
        Golden.Verify(preview.Match(it => string.Concat(it.Select(field => Shown(field.Key, field.Value!))), () => ""), $"conditions/preview-{backend}.txt");
        var again = Decide(observed, decision.State, later: 100);
        Assert.True(again.Status.IsNone, "rendered again although nothing has changed");
        var removed = Decide(observed.Unannotated(SinkAnnotations.Preview), decision.State, later: 200);
        Assert.Null(removed.Status.Match(status => status, () => throw new Xunit.Sdk.XunitException("the preview stays")).Preview);
    }

    [Fact]
    public void The_event_of_a_failed_probe() => Golden.Verify(
        Pretty(ObjectRequests.Event(
            Plain().Sink.Identity, "Probe", Assert.Single(Settle(Plain(), Refusal).Decision.Events), Monday, "kollect-7d9f8c-x2x4q")),
        "conditions/event.json");

    [Fact]
    public void An_event_keeps_to_the_limits_of_the_API()
    {
        var longest = Plain().WithMetadata(metadata => metadata with { Name = new string('n', 253) }).Sink.Identity;
        var tooLong = new ObjectEvent(true, "InvalidSpec", string.Concat(Enumerable.Repeat("\U0001F4A5", 800)));
        var json = JsonNode.Parse(ObjectRequests.Event(longest, "Probe", tooLong, Monday, new string('i', 300)))!;
        Assert.InRange(Encoding.UTF8.GetByteCount(json["note"]!.ToString()), 1_000, 1_024);
        Assert.DoesNotContain('\uFFFD', json["note"]!.ToString());
        Assert.InRange(json["metadata"]!["generateName"]!.ToString().Length, 1, 247);
        Assert.InRange(json["reportingInstance"]!.ToString().Length, 1, 128);
    }

    /// <summary>No real server took an event: the prefix ended in a dot.</summary>
    [Theory]
    [InlineData("inventory", "inventory-")]
    [InlineData("shop.example.com", "shop.example.com-")]
    [InlineData("a", "a-")]
    public void An_event_has_a_name_that_an_API_server_takes(string name, string prefix)
    {
        var identity = Plain().WithMetadata(metadata => metadata with { Name = name }).Sink.Identity;
        var json = JsonNode.Parse(ObjectRequests.Event(identity, "Probe", new ObjectEvent(false, "Ready", "…"), Monday, "kollect-0"))!;
        Assert.Equal(prefix, json["metadata"]!["generateName"]!.ToString());
    }

    [Fact]
    public void A_cut_name_does_not_end_in_a_dot()
    {
        var identity = Plain().WithMetadata(metadata => metadata with { Name = $"{new string('n', 199)}.{new string('m', 50)}" }).Sink.Identity;
        var json = JsonNode.Parse(ObjectRequests.Event(identity, "Probe", new ObjectEvent(false, "Ready", "…"), Monday, "kollect-0"))!;
        Assert.Equal($"{new string('n', 199)}-", json["metadata"]!["generateName"]!.ToString());
    }

    [Fact]
    public void The_preview_comes_without_a_second_probe()
    {
        var (observed, decision) = Settle(Plain(), Success);
        var asked = Decide(observed.Annotated(SinkAnnotations.Preview), decision.State, later: 60);
        Assert.True(asked.Status.Exists(status => status.Preview is not null));
        Assert.IsType<Requeue.Never>(asked.Next);
    }

    [Fact]
    public void A_changed_Secret_or_spec_leads_to_a_probe_at_once_and_nothing_else_does()
    {
        var (observed, decision) = Settle(Plain(), Success);
        Assert.IsType<Requeue.Never>(Decide(observed, decision.State, later: 86_400).Next);
        Assert.IsType<Requeue.AfterProbe>(Decide(observed with { SecretVersions = "shop/dsn=2" }, decision.State, later: 3).Next);
        Assert.IsType<Requeue.AfterProbe>(Decide(observed.Edited(), decision.State, later: 3).Next);
    }

    [Fact]
    public void A_failed_probe_waits_longer_each_time_and_a_changed_Secret_ends_the_wait()
    {
        var (observed, decision) = Settle(Plain(), Outage);
        var waits = new List<double>();
        var now = 2.0;
        for (var attempt = 0; attempt < 12; attempt++)
        {
            var due = Assert.IsType<Requeue.After>(decision.Next).Time;
            waits.Add((due - Monday).TotalSeconds - now);
            now = (due - Monday).TotalSeconds;
            Assert.IsType<Requeue.After>(Decide(observed, decision.State, later: now - 0.1 * waits[^1]).Next);
            Assert.IsType<Requeue.AfterProbe>(Decide(observed, decision.State, later: now).Next);
            decision = Decide(observed, decision.State, Outage, now);
            Assert.True(decision.Status.IsNone, "the same failure was written again");
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600], waits);
        Assert.IsType<Requeue.AfterProbe>(Decide(observed with { SecretVersions = "shop/dsn=2" }, decision.State, later: now + 1).Next);
    }

    [Fact]
    public void Corrected_Secrets_are_expected_from_the_first_failure_or_a_requested_probe_until_a_success()
    {
        var (observed, failed) = Settle(Plain(), Refusal);
        Assert.Equal(Monday.AddSeconds(2), failed.State.SecretsExpectedSince);
        var again = Decide(observed, failed.State, Refusal, 100);
        Assert.Equal(Monday.AddSeconds(2), again.State.SecretsExpectedSince);

        var changed = observed with { SecretVersions = "shop/dsn=2" };
        Assert.Equal(Monday.AddSeconds(200), Decide(changed, again.State, Refusal, 200).State.SecretsExpectedSince);
        var succeeded = Decide(changed, again.State, Success, 200);
        Assert.Equal(None, succeeded.State.SecretsExpectedSince);

        var requested = Decide(changed.Annotated(SinkAnnotations.TestConnection), succeeded.State, Success, 300);
        Assert.Equal(Monday.AddSeconds(300), requested.State.SecretsExpectedSince);
    }

    /// <summary>Ready said for ever that the table is missing, after the first export had created it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_finding_that_the_first_export_outdates_is_probed_again_after_it(bool connectionTest)
    {
        var observed = connectionTest ? Plain() : Quiet().Annotated(SinkAnnotations.TestConnection);
        var before = Decide(observed, probe: Success with { IsProvisional = true }, later: 2);
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
        var (observed, decision) = Settle(Plain(), Success);
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
        var (settled, verified) = Settle(Plain(), Success);
        Assert.True(Decide(settled.Edited(), verified.State, later: 3).Status.IsNone);
    }

    [Fact]
    public void No_claim_outlives_the_switch_of_the_connection_test()
    {
        var (settled, verified) = Settle(Plain(), Success);
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
        var failed = Decide(asked, requested.State, Refusal, 2);
        Assert.Empty(failed.ClearAnnotations);
        Assert.Equal("ConnectionTestFailed", ReadyReason(failed));

        var succeeded = Decide(asked.After(failed), failed.State, Success, 10);
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
        var (observed, decision) = Settle(Plain(), Success);
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
        var (observed, decision) = Settle(Plain(), Success);
        var asked = observed.Annotated(SinkAnnotations.TestConnection);
        var requested = Decide(asked, decision.State, later: 10);
        Assert.IsType<Requeue.AfterProbe>(requested.Next);
        var probed = Decide(asked, requested.State, Success, 11);
        Assert.Empty(probed.ClearAnnotations);
        Assert.Equal(Monday.AddSeconds(11), probed.Status.Match(status => status.LastProbeTime, () => null));
        Assert.IsType<Requeue.Never>(Decide(asked.After(probed), probed.State, later: 12).Next);
    }

    [Fact]
    public void A_restart_probes_again_and_writes_nothing_where_the_result_is_the_same()
    {
        var (observed, _) = Settle(Plain(), Success);
        var first = Decide(observed, later: 500);
        Assert.True(first.Status.IsNone);
        Assert.IsType<Requeue.AfterProbe>(first.Next);
        var second = Decide(observed, first.State, Success, 501);
        Assert.True(second.Status.IsNone);
        Assert.Empty(second.Events);
    }

    [Fact]
    public void Transition_times_move_only_with_the_status_of_a_condition()
    {
        var (observed, decision) = Settle(Plain(), Outage);
        var refused = Decide(observed, decision.State, Refusal, 50).Status.Match(status => status, () => throw new Xunit.Sdk.XunitException("not written"));
        Assert.Equal(Monday.AddSeconds(2), refused.Conditions.Find(it => it.Type == "Ready").Map(it => it.LastTransitionTime));
        Assert.Equal(Monday.AddSeconds(50), refused.Conditions.Find(it => it.Type == "Stalled").Map(it => it.LastTransitionTime));
    }

    [Fact]
    public void A_sink_that_is_being_deleted_is_neither_probed_nor_written()
    {
        var gone = Plain().WithMetadata(metadata => metadata with { DeletionTimestamp = Monday });
        var decision = Decide(gone, probe: Success);
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
        ProbeResult[] probes = [Success, Refusal, NoSecret, Outage];
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
    public void Only_changes_by_a_user_cause_a_reconcile()
    {
        var (observed, _) = Settle(Plain(), Success);
        Assert.False(observed.Sink.NeedsReconcile(Plain().Sink));
        Assert.True(observed.Edited().Sink.NeedsReconcile(observed.Sink));
        Assert.True(observed.Annotated(SinkAnnotations.Preview).Sink.NeedsReconcile(observed.Sink));
        Assert.False(observed.Annotated("kubectl.kubernetes.io/last-applied-configuration").Sink.NeedsReconcile(observed.Sink));
    }

    [Fact]
    public void An_event_reports_a_changed_reason_or_stall_and_no_changed_message()
    {
        var (observed, decision) = Settle(Plain(), Outage);
        var otherMessage = new ProbeResult.Failed(new Failure.TryLater("connect: connection refused — tried again", TimeSpan.FromSeconds(5)));
        var failedAgain = Decide(observed, decision.State, otherMessage, 10);
        Assert.True(failedAgain.Status.IsSome);
        Assert.Empty(failedAgain.Events);
        var stalled = Decide(observed.After(failedAgain), failedAgain.State, Refusal, 20);
        Assert.True(Assert.Single(stalled.Events).IsWarning);
        var recovered = Decide(observed.After(failedAgain).After(stalled), stalled.State, Success, 30);
        Assert.False(Assert.Single(recovered.Events).IsWarning);
    }

    private static SinkObservation.Present WithStatusOf(SinkObservation.Present sink, SinkObservation.Present other) =>
        sink with { Sink = sink.Sink with { Status = other.Sink.Status } };

    private static string ReadyMessage(SinkDecision decision) =>
        decision.Status.Bind(status => status.Conditions.Find(it => it.Type == "Ready")).Map(it => it.Message).IfNone("");

    private static string ReadyReason(SinkDecision decision) =>
        decision.Status.Bind(status => status.Conditions.Find(it => it.Type == "Ready")).Map(it => it.Reason).IfNone("");

    private static void Verify(string name, SinkDecision decision)
    {
        var text = new StringBuilder();
        foreach (var status in decision.Status)
            text.Append("status (server-side apply):\n").Append(Pretty(ObjectRequests.Status(Plain().Sink.Identity, status))).Append('\n');
        foreach (var it in decision.Events)
            text.Append("\nevent: ").Append(it.IsWarning ? "Warning " : "Normal ").Append(it.Reason).Append(": ").Append(it.Note).Append('\n');
        text.Append("\nnext reconcile: ").Append(decision.Next switch
        {
            Requeue.AfterProbe => "after the probe, which starts now",
            Requeue.After at => FormattableString.Invariant($"at {at.Time:HH:mm:ss}"),
            _ => "when the sink or a Secret changes",
        }).Append('\n');
        Golden.Verify(text.ToString(), $"conditions/{name}.txt");
    }

    // A text of several lines is a block under its name, as in YAML.
    private static string Shown(string name, JsonNode value) => value switch
    {
        JsonObject fields => $"{name}:\n" + string.Concat(fields.Select(field => Shown("  " + field.Key, field.Value!))),
        JsonArray items => $"{name}:\n" + string.Concat(items.Select(item => $"  - {item}\n")),
        _ when value.ToString().Contains('\n') => $"{name}: |\n" + string.Concat(value.ToString().Split('\n').Select(line => $"    {line}\n")),
        _ => $"{name}: {value}\n",
    };

    private static string Pretty(byte[] json) => JsonNode.Parse(json)!.ToJsonString(Readable);
}
