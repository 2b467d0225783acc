using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Manifests.Admission;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Manifests.Admission;

public sealed class AdmissionReviewTests
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonObject Invalid = With(
        PostgresSpec, ("postgres/table", "\"\""), ("options/role", "\"postgres\""), ("tls/insecureSkipVerify", "true"));

    [Fact]
    public void A_sink_with_problems_is_refused_with_all_of_them_and_its_warnings() =>
        Golden.Verify(Answer(Review("CREATE", Invalid)), "admission/refused.json");

    /// <summary>A generated name follows later; until then its prefix tells which object is meant.</summary>
    [Fact]
    public void A_refused_object_without_a_name_yet_is_called_by_its_prefix()
    {
        var review = Review("CREATE", Invalid);
        review["request"]!["object"]!["metadata"] = new JsonObject { ["generateName"] = "inventory-" };
        var status = JsonNode.Parse(Answer(review))!["response"]!["status"]!;
        Assert.Equal("inventory-", (string?)status["details"]!["name"]);
        Assert.StartsWith("KollectDatabaseSink.kollect.dev \"inventory-\" is invalid: 2 problems:\n", (string?)status["message"], StringComparison.Ordinal);
        review["request"]!["object"]!.AsObject().Remove("metadata");
        Assert.Equal("", (string?)JsonNode.Parse(Answer(review))!["response"]!["status"]!["details"]!["name"]);
    }

    [Fact]
    public void A_sink_with_warnings_is_admitted_with_them() =>
        Golden.Verify(Answer(Review("CREATE", With(PostgresSpec, ("cluster", null), ("provisioning/mode", "\"existing\"")))), "admission/warned.json");

    /// <summary>The API server may cut a warning behind 256 characters, and the command must be whole.</summary>
    [Fact]
    public void A_Secret_of_another_namespace_is_a_warning_with_the_command_that_grants_it()
    {
        var sink = With(
            PostgresSpec,
            ("postgres/databaseRef/namespace", "\"kollect-system\""),
            ("secretRef", """{ "name": "inventory-login", "namespace": "databases" }"""),
            ("tls/caSecretRef", """{ "name": "corporate-authority", "namespace": "cert-manager" }"""));
        Golden.Verify(Answer(Review("CREATE", sink)), "admission/secrets-of-others.json"); // with no … behind a warning
        var key = With(
            BigQuerySpec,
            ("bigquery/secretRef", """{ "name": "key", "namespace": "kollect-system" }"""),
            ("endpoint", "\"https://bigquery.example.org/\""));
        Assert.Contains("to Google alone", Answer(Review("CREATE", key)), StringComparison.Ordinal);
        key["endpoint"] = "https://bigquery-psc.p.googleapis.com/";
        Assert.Contains(
            "kubectl annotate secret key -n kollect-system kollect.dev/allowed-sink-namespaces=", Answer(Review("CREATE", key)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_of_another_kind_reports_a_misconfigured_webhook()
    {
        var review = Review("CREATE", With(PostgresSpec));
        review["request"]!["object"]!["kind"] = "Deployment";
        Golden.Verify(Answer(review), "admission/other-kind.json");
    }

    [Fact]
    public void The_metadata_of_a_sink_that_was_invalid_before_can_be_changed()
    {
        var review = Review("UPDATE", Invalid);
        review["request"]!["oldObject"] = review["request"]!["object"]!.DeepClone();
        review["request"]!["object"]!["metadata"]!["labels"] = new JsonObject { ["team"] = "shop" };
        Golden.Verify(Answer(review), "admission/still-invalid.json");
        review["request"]!["object"]!["spec"]!["cluster"] = "west";
        Assert.False(Allowed(review));
    }

    /// <summary>.NET compares no numbers with an exponent above 32 bits.</summary>
    [Theory]
    [InlineData("1e2147483648", "1e2147483648", true)]
    [InlineData("1e2147483648", "1e2147483649", false)]
    public void A_number_beyond_every_type_in_the_spec_is_compared_by_its_digits(string before, string after, bool isAllowed)
    {
        var review = Review("UPDATE", Invalid);
        review["request"]!["object"]!["spec"]!["weight"] = JsonNode.Parse(after);
        review["request"]!["oldObject"] = review["request"]!["object"]!.DeepClone();
        review["request"]!["oldObject"]!["spec"]!["weight"] = JsonNode.Parse(before);
        Assert.Equal(isAllowed, Allowed(review));
    }

    [Theory]
    [InlineData("DELETE", false, "")]
    [InlineData("CONNECT", false, "")]
    [InlineData("UPDATE", true, "")]
    [InlineData("UPDATE", false, "status")]
    public void Deletes_objects_being_deleted_and_subresources_are_always_admitted(string operation, bool isBeingDeleted, string subresource)
    {
        var review = Review(operation, Invalid);
        review["request"]!["subResource"] = subresource;
        if (isBeingDeleted)
            review["request"]!["object"]!["metadata"]!["deletionTimestamp"] = "2026-11-23T08:00:00Z";
        Assert.True(Allowed(review));
    }

    [Fact]
    public void A_damaged_status_does_not_refuse_a_spec()
    {
        var review = Review("UPDATE", With(PostgresSpec));
        review["request"]!["object"]!["status"] = new JsonObject { ["conditions"] = 7, ["unknown"] = true };
        Assert.True(Allowed(review));
    }

    [Theory]
    [InlineData("", "the body is not JSON: line 1, byte 1 of the line")]
    [InlineData("{\"kind\":", "the body is not JSON: line 1, byte 9 of the line")]
    [InlineData("[]", "the body is no AdmissionReview")]
    [InlineData(
        """{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1beta1"}""",
        "apiVersion must be admission.k8s.io/v1; list it in admissionReviewVersions of the webhook")]
    [InlineData("""{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{}}""", "the AdmissionReview has no request with a uid")]
    public void A_body_that_is_not_a_review_is_refused_with_a_reason(string body, string why) =>
        Assert.Equal(why, AdmissionReview.Answer(Encoding.UTF8.GetBytes(body)).Match(_ => "answered", it => it));

    [Property]
    public Property Any_body_made_of_the_pieces_of_a_review_gets_an_answer()
    {
        var pieces = Gen.Elements(
            "\"kind\":\"AdmissionReview\"", "\"apiVersion\":\"admission.k8s.io/v1\"", "\"request\":", "{", "}", ",", "\"uid\":\"1\"", "\"object\":",
            "null", "[", "]", "\"spec\":", "\"operation\":\"UPDATE\"", "7", "\"\\ud800\"", "\u0000");
        return Prop.ForAll(
            pieces.ListOf().Select(string.Concat).ToArbitrary(),
            body => Assert.NotNull(AdmissionReview.Answer(Encoding.UTF8.GetBytes(body)).ToString()));
    }

    [Property]
    public void Any_bytes_get_an_answer(byte[] body) => Assert.NotNull(AdmissionReview.Answer(body).ToString());

    private static JsonObject Review(string operation, JsonObject spec) => new()
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject
        {
            ["uid"] = "705ab4f5-6393-11e8-b7cc-42010a800002",
            ["operation"] = operation,
            ["dryRun"] = false,
            ["object"] = new JsonObject
            {
                ["apiVersion"] = "kollect.dev/v1alpha1",
                ["kind"] = "KollectDatabaseSink",
                ["metadata"] = new JsonObject { ["name"] = "inventory", ["namespace"] = "shop" },
                ["spec"] = spec.DeepClone(),
            },
        },
    };

    private static bool Allowed(JsonObject review) => (bool)JsonNode.Parse(Answer(review))!["response"]!["allowed"]!;

    private static string Answer(JsonObject review) => AdmissionReview.Answer(Encoding.UTF8.GetBytes(review.ToJsonString())).Match(
        Right: json => JsonNode.Parse(json)!.ToJsonString(Readable),
        Left: why => throw new Xunit.Sdk.XunitException(why));
}
