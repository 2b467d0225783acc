using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Backends;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests.Admission;
using Kollect.Core.Operator;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Tests.Manifests.SinkManifests;
using BigQuery = Kollect.Core.Backends.BigQuery;
using MongoDb = Kollect.Core.Backends.MongoDb;
using Postgres = Kollect.Core.Backends.Postgres;

namespace Kollect.Core.Tests;

/// <summary>
/// Whatever servers, manifests, items and Secrets contain, no message moves a cursor, hides or reorders text: each output is built from hostile texts.
/// </summary>
public sealed class HostileTextTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Failures_of_servers_are_plain()
    {
        foreach (var table in new[] { Postgres.Errors.Table, MongoDb.Errors.Table, BigQuery.Errors.Table })
            foreach (var stage in Enum.GetValues<Stage>())
            {
                var fault = new Fault.Server(Hostile.Text, Hostile.Text, Seq1(Hostile.Text))
                {
                    Setting = new RefusedSetting(Hostile.Name, new SecretText("x")),
                };
                AssertPlain(table.Classify(stage, fault, Redactor.WithoutSecrets));
                AssertPlain(table.Classify(stage, fault with { Setting = None }, Redactor.WithoutSecrets));
            }
    }

    [Fact]
    public void Every_kind_of_failure_and_result_is_plain()
    {
        foreach (var failure in Seq<Failure>(new Failure.Refused(Hostile.Text), new Failure.TryLater(Hostile.Text, TimeSpan.Zero)))
        {
            AssertPlain(failure);
            Hostile.AssertPlain(ExportReport.Of(new ExportResult.Failed(failure), Monday).Message);
        }

        AssertPlain(Failure.Refused.Preflight(Seq1(new Refusal(Hostile.Text, Hostile.Text))));
        AssertPlain(new Refusal(Hostile.Text, Hostile.Text));
        Hostile.AssertPlain($"{new Problem("KDB001", Hostile.Text, Hostile.Text)}");
        Hostile.AssertPlain(new Statement("", Hostile.Text).Why);
        Assert.All(new ProbeResult.Succeeded("", Seq1(Hostile.Text)).Checked, it => Hostile.AssertPlain(it));
        Assert.All(new ExportPreview(Empty, Seq1(Hostile.Text)).Remarks, it => Hostile.AssertPlain(it));
    }

    [Fact]
    public void Every_gap_is_plain()
    {
        Assert.All(Hostile.Cases<Postgres.Gap>(), gap => AssertPlain(Postgres.Render.Explain(gap)));
        Assert.All(Hostile.Cases<MongoDb.Gap>(), gap => AssertPlain(MongoDb.Render.Explain(gap)));
        Assert.All(Hostile.Cases<BigQuery.Gap>(), gap => AssertPlain(BigQuery.Render.Explain(gap)));
        Assert.All(
            Hostile.Cases<Postgres.Interceptor>(),
            by => AssertPlain(Postgres.Render.Explain(new Postgres.Gap.Intercepted(Hostile.Of<Postgres.TableName>(), by))));
        Assert.All(Hostile.Cases<Postgres.PostgresChange>(), change => AssertPlain(Postgres.Render.Change(change)));
        Assert.All(Hostile.Cases<MongoDb.MongoDbChange>(), change => AssertPlain(MongoDb.Render.Change(change)));
    }

    /// <summary>A remedy is pasted into a client: a line that ends within a comment or a name would be a statement of its own.</summary>
    [Fact]
    public void A_name_adds_no_line_to_a_remedy()
    {
        foreach (var (hostile, harmless) in Interceptors(Hostile.Name).Zip(Interceptors("x")))
            Assert.Equal(Lines(harmless), Lines(hostile));

        static int Lines(Postgres.Interceptor by) =>
            Postgres.Render.Explain(new Postgres.Gap.Intercepted(new Postgres.TableName("s", "t"), by)).Remedy.Count(c => c == '\n');

        static Seq<Postgres.Interceptor> Interceptors(string name) => Seq<Postgres.Interceptor>(
            new Postgres.Interceptor.Trigger(new Postgres.TableName(name, name), name, true, true, true),
            new Postgres.Interceptor.Rule(new Postgres.TableName(name, name), name, true),
            new Postgres.Interceptor.Child(new Postgres.TableName(name, name)));
    }

    [Fact]
    public void The_holders_of_a_lock_are_plain() => AssertPlain(Postgres.LockWaits.Explain(
        Postgres.AwaitedLock.RowOrTable,
        new Postgres.TableName(Hostile.Name, Hostile.Name),
        new Kollect.Core.Snapshots.Scope(Hostile.Text, Hostile.Text, Hostile.Text),
        TimeSpan.FromSeconds(1),
        Seq1(new Postgres.LockHolder(1, Hostile.Text, None))));

    [Fact]
    public void A_check_before_the_commit_is_plain()
    {
        var plan = Postgres.ExportPlan.Of(
            Backends.Postgres.Examples.Sink(), Backends.Postgres.Examples.Desired(), Backends.Postgres.Examples.Ready, Backends.Postgres.Examples.Header);
        foreach (var by in Hostile.Cases<Postgres.Interceptor>())
            foreach (var failure in Postgres.WriteCheck.Objection(plan, Postgres.WriteCounts.Zero, Seq1(by)).ToSeq())
                AssertPlain(failure);
    }

    [Fact]
    public void A_probe_is_plain()
    {
        var trigger = new Postgres.Interceptor.Trigger(new Postgres.TableName("s", Hostile.Name), Hostile.Name, true, false, true);
        var observed = Backends.Postgres.Examples.WithTable(table => table with
        {
            UniqueIndexes = table.UniqueIndexes.Add(new Postgres.ObservedIndex(Hostile.Name, Seq1("cluster"), true, true)),
            Interceptors = Seq1<Postgres.Interceptor>(trigger),
        }) with
        { ServerVersion = Hostile.Text };
        var probe = Assert.IsType<ProbeResult.Succeeded>(Postgres.ProbeReport.Of(
            Backends.Postgres.Examples.Sink(), Backends.Postgres.Examples.Desired(), observed));
        Assert.All(probe.Checked, it => Hostile.AssertPlain(it));
    }

    [Fact]
    public void Conditions_and_events_are_plain()
    {
        var condition = new Condition("Ready", KollectConditionStatus.False, "ConnectionTestFailed", "x") with { Message = Hostile.Text };
        Hostile.AssertPlain(condition.Message);
        Hostile.AssertPlain(new Condition("Ready", KollectConditionStatus.False, "ConnectionTestFailed", Hostile.Text).Message);
        var about = Operator.Sinks.Plain().Sink.Identity;
        foreach (var it in Seq(new ObjectEvent(true, "Failed", Hostile.Text), new ObjectEvent(true, "Failed", "") with { Note = Hostile.Text }))
            Hostile.AssertPlain(JsonNode.Parse(ObjectRequests.Event(about, "Export", it, Monday, "kollect-0")));
    }

    [Fact]
    public void The_conditions_of_an_invalid_sink_are_plain()
    {
        var sink = Operator.Sinks.Observe(With(
            PostgresSpec, ("options/work\u202emem\u001b", Wire(Hostile.Name)), ("postgres/table", Wire(Hostile.Name))));
        var decision = SinkReconcile.Decide(sink, SinkState.Initial, None, Monday, 0);
        Hostile.AssertPlain(JsonNode.Parse(ObjectRequests.Status(
            sink.Sink.Identity, decision.Status.IfNone(() => throw new InvalidOperationException()).WriteJson)));
        Assert.All(decision.Events, it => Hostile.AssertPlain(it.Note));
    }

    [Fact]
    public void An_answer_of_the_webhook_is_plain()
    {
        foreach (var kind in Seq("KollectDatabaseSink", Hostile.Name))
        {
            var review = new JsonObject
            {
                ["apiVersion"] = "admission.k8s.io/v1",
                ["kind"] = "AdmissionReview",
                ["request"] = new JsonObject
                {
                    ["uid"] = "1",
                    ["operation"] = "CREATE",
                    ["object"] = new JsonObject
                    {
                        ["apiVersion"] = "kollect.dev/v1alpha1",
                        ["kind"] = kind,
                        ["metadata"] = new JsonObject { ["name"] = Hostile.Name, ["namespace"] = Hostile.Name },
                        ["spec"] = With(
                            PostgresSpec, ("postgres/table", Wire(Hostile.Name)), ("cluster", Wire(Hostile.Name)), ("provisioning/mode", Wire(Hostile.Name))),
                    },
                },
            };
            var answer = AdmissionReview.Answer(Encoding.UTF8.GetBytes(review.ToJsonString())).RightToSeq().Head;
            Hostile.AssertPlain(JsonNode.Parse(answer), keepsLines: true);
        }
    }

    /// <summary>A value in the place of a key is no key, and may be a connection string.</summary>
    [Theory]
    [InlineData("postgres://app:s3cr3t@db/inventory")]
    [InlineData("a b")]
    [InlineData("..")]
    [InlineData("..data")]
    [InlineData("schlüssel")]
    [InlineData(Hostile.Name)]
    [InlineData("")]
    public void What_is_no_key_of_a_Secret_is_not_shown(string key)
    {
        var secret = Secrets.Some.Secret((key, "x"), ("tls.crt", "y"), (new string('k', 254), "z"));
        Assert.Equal("it has (a name that cannot be a key), tls.crt", secret.Keys);
        Assert.Equal(
            "Secret kollect-system/inventory-postgres-dsn, key (a name that cannot be a key): is wrong",
            $"{new ConnectionProblem(secret.Ref, key, "is wrong")}");
    }

    private static string Wire(string text) => JsonValue.Create(text).ToJsonString();

    private static void AssertPlain(Failure failure)
    {
        Hostile.AssertPlain(failure.Message);
        if (failure is Failure.Refused refused)
            Assert.All(refused.Gaps, AssertPlain);
    }

    private static void AssertPlain(Refusal refusal)
    {
        Hostile.AssertPlain(refusal.What);
        Hostile.AssertPlain(refusal.Remedy, keepsLines: true);
    }

    private static void AssertPlain(Statement statement)
    {
        Hostile.AssertPlain(statement.Why);
        Hostile.AssertPlain(statement.Sql, keepsLines: true);
    }
}
