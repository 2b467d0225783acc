using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using static Kollect.Core.Tests.Manifests.SinkManifests;
using static Kollect.Core.Tests.Operator.SinkDecisions;
using static Kollect.Core.Tests.Operator.Sinks;

namespace Kollect.Core.Tests.Operator;

/// <summary>The status and the events that are written in each state of a sink.</summary>
public sealed class SinkStatusTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void First_probe() => Verify("first-probe", Decide(Plain()));

    [Fact]
    public void Probe_ok() => Verify("probe-ok", Settle(Plain(), ProbeSucceeds).Decision);

    [Fact]
    public void In_use() => Verify("in-use", Decide(Plain().Deleted("shop/all", "shop/old")));

    [Fact]
    public void Secret_missing() => Verify("secret-missing", Settle(Plain(), NoSecret).Decision);

    [Fact]
    public void Probe_refused() => Verify("probe-refused", Settle(Plain(), ProbeRefused).Decision);

    [Fact]
    public void Probe_failed() => Verify("probe-failed", Settle(Plain(), ProbeTimesOut).Decision);

    [Fact]
    public void Probe_disabled() => Verify("probe-disabled", Decide(Quiet()));

    [Fact]
    public void Spec_invalid() => Verify(
        "spec-invalid", Decide(Observe(With(PostgresSpec, ("postgres/table", "\"\""), ("options/role", "\"postgres\""), ("layout", "\"flat\"")))));

    [Fact]
    public void TLS_insecure() => Verify(
        "tls-insecure", Settle(Observe(With(PostgresSpec, ("tls/insecureSkipVerify", "true"))), ProbeSucceeds).Decision);

    [Theory]
    [InlineData("postgres", PostgresSpec)]
    [InlineData("mongodb", MongoDbSpec)]
    [InlineData("bigquery", BigQuerySpec)]
    public void The_preview_of_each_backend(string backend, string spec)
    {
        var (observed, decision) = Settle(Observe(With(spec, ("provisioning/mode", "\"existing\"")), annotations: SinkAnnotations.Preview), ProbeSucceeds);
        var preview = decision.Status.Map(status =>
            JsonNode.Parse(ObjectRequests.Status(observed.Sink.Identity, status.WriteJson))!["status"]!["preview"]!.AsObject());
        Golden.Verify(preview.Match(it => string.Concat(it.Select(field => Shown(field.Key, field.Value!))), () => ""), $"conditions/preview-{backend}.txt");
        var again = Decide(observed, decision.State, later: 100);
        Assert.True(again.Status.IsNone, "rendered again although nothing has changed");
        var removed = Decide(observed.Unannotated(SinkAnnotations.Preview), decision.State, later: 200);
        Assert.Null(removed.Status.Match(status => status, () => throw new Xunit.Sdk.XunitException("the preview stays")).Preview);
    }

    [Fact]
    public void The_event_of_a_failed_probe() => Golden.Verify(
        Pretty(ObjectRequests.Event(
            Plain().Sink.Identity, "Probe", Assert.Single(Settle(Plain(), ProbeRefused).Decision.Events), Monday, "kollect-7d9f8c-x2x4q")),
        "conditions/event.json");

    private static void Verify(string name, SinkDecision decision)
    {
        var text = new StringBuilder();
        foreach (var status in decision.Status)
            text.Append("status (server-side apply):\n").Append(Pretty(ObjectRequests.Status(Plain().Sink.Identity, status.WriteJson))).Append('\n');
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
