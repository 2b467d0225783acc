using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;

namespace Kollect.Core.Tests.Backends.BigQuery;

/// <summary>Answers of a service are read, whatever they are: a value, or a fault that quotes nothing of them.</summary>
public sealed class AnswersTests
{
    private static readonly string[] Documents =
    [
        """{"location":"EU","defaultPartitionExpirationMs":"86400000","defaultTableExpirationMs":"172800000","defaultCollation":"und:ci"}""",
        """{"type":"TABLE","schema":{"fields":[{"name":"a","type":"STRING","mode":"REQUIRED","policyTags":{"names":["x"]}}]},"numBytes":"1"}""",
        """{"timePartitioning":{"field":"a","expirationMs":"5184000000"},"clustering":{"fields":["a","b"]},"expirationTime":"1795393800000"}""",
        """{"status":{"state":"DONE"},"statistics":{"query":{"dmlStats":{"insertedRowCount":"1"},"totalBytesBilled":"7"},"load":{"outputRows":"3"}}}""",
        """{"status":{"state":"DONE","errorResult":{"reason":"invalidQuery","message":"x"}}}""",
        """{"jobComplete":true,"rows":[{"f":[{"v":"1"},{"v":null},{"v":"3"},{"v":"1.7953938E9"}]}]}""",
        """{"jobComplete":false,"jobReference":{"jobId":"j"}}""",
        """{"error":{"code":404,"message":"Not found","errors":[{"reason":"notFound"}],"status":"NOT_FOUND"}}""",
    ];

    [Property(MaxTest = 2000)]
    public Property Any_damaged_answer_is_read_or_is_a_fault() => Prop.ForAll(
        Arb.From(Damage.Of(Gen.Elements(Documents).Select(Encoding.UTF8.GetBytes), Gen.Elements("{}[]\":,\\ue0tfn"u8.ToArray()))),
        bytes => IsTotal(Encoding.UTF8.GetString(bytes)));

    [Property]
    public void Any_text_is_read_or_is_a_fault(string? text) => IsTotal(text ?? "");

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"location\":\"\\ud800\"}")]
    [InlineData("\ud800")]
    [InlineData("{\"defaultTableExpirationMs\":\"9223372036854775807\",\"expirationTime\":\"9223372036854775807\"}")]
    [InlineData("{\"expirationTime\":\"-9223372036854775808\",\"defaultTableExpirationMs\":-1}")]
    [InlineData("{\"schema\":{\"fields\":[{\"policyTags\":7}]}}")]
    public void Odd_values_are_read_or_are_a_fault(string text) => IsTotal(text);

    [Theory]
    [InlineData("""{"error":{"code":404,"message":"Not found: Table x","errors":[{"reason":"notFound"}]}}""", "notFound", "Not found: Table x")]
    [InlineData("""{"error":{"code":403,"message":"Denied","status":"PERMISSION_DENIED"}}""", "404", "Denied")]
    [InlineData("""{"error":{"code":404,"message":"inner"}}""", "404", "the answer is not BigQuery's")]
    [InlineData("""{"error":"inner","error_description":"inner"}""", "404", "the answer is not BigQuery's")]
    [InlineData("""{"error":{"code":404,"message":"Said","errors":[{"reason":"not found\nat inner"}]}}""", "404", "Said")]
    [InlineData("<html>inner</html>", "404", "the answer is not BigQuery's")]
    public void Only_errors_in_the_form_of_Google_are_quoted(string body, string code, string text)
    {
        var fault = ServiceError.Of(404, body);
        Assert.Equal((code, text), (fault.Code, fault.Text));
    }

    [Theory]
    [InlineData(400, "invalid_grant", "Invalid JWT Signature.", "invalid_grant", "Invalid JWT Signature.")]
    [InlineData(400, "inner error: at 10.0.0.7", "inner", "no_token", "the answer is not a token endpoint's")]
    [InlineData(503, null, null, "503", "the answer is not a token endpoint's")]
    public void Only_errors_in_the_form_of_OAuth_are_quoted(int status, string? error, string? description, string code, string text)
    {
        var fault = ServiceError.OfToken(status, error, description);
        Assert.Equal((code, text), (fault.Code, fault.Text));
    }

    private static void IsTotal(string text)
    {
        _ = Observed.OfDataset(text);
        _ = ObservedTable.Read(text);
        _ = JobState.Read(text);
        _ = Answer.Read(text).Map(answer => answer is Answer.Complete complete ? DryRunCounts.Read(complete.FirstRow).IsLeft : false);
        _ = Errors.Table.Classify(Stage.Preflight, ServiceError.Of(500, text), Core.Backends.Redactor.WithoutSecrets);
        _ = ServiceError.OfToken(400, text, text);
    }
}
