using System.Text;
using System.Text.Json;
using Kollect.Core.Manifests;
using Kollect.Core.Manifests.Admission;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>Bodies of requests to the webhook.</summary>
internal sealed class AdmissionTarget() : FuzzTarget("admission")
{
    public override InputForm Form => InputForm.Json;

    public override IReadOnlyList<string> Tokens =>
    [
        "AdmissionReview", "admission.k8s.io/v1", "request", "uid", "operation", "CREATE", "UPDATE", "DELETE", "CONNECT", "subResource", "status",
        "object",
        "oldObject", "metadata", "name", "generateName", "deletionTimestamp", "spec", .. KnownKinds.All, "type", "postgres", "mongodb", "bigquery",
        "options",
        "statement_timeout", "role", "tls", "insecureSkipVerify", "provisioning", "path", "$..*", "exportMinInterval", "24h1s", "1e2147483648",
    ];

    public override string Run(byte[] input) => AdmissionReview.Answer(input).Match(
        Right: answer => Answered(input, answer),
        Left: why =>
        {
            Messages.AreVisible([why]);
            Assert.Null(UidOf(input));
            return why;
        });

    /// <summary>The answer has the uid of the request; otherwise the API server takes the webhook for broken.</summary>
    private static string Answered(byte[] input, byte[] answer)
    {
        using var json = JsonDocument.Parse(answer);
        var response = json.RootElement.GetProperty("response");
        Assert.Equal(UidOf(input), response.GetProperty("uid").GetString());
        var isAllowed = response.GetProperty("allowed").GetBoolean();
        Assert.Equal(!isAllowed, response.TryGetProperty("status", out var status));
        if (!isAllowed)
            Messages.AreVisible([Assert.IsType<string>(status.GetProperty("message").GetString())], lines: true);
        if (response.TryGetProperty("warnings", out var warnings))
        {
            var texts = warnings.EnumerateArray().Select(it => it.GetString()!).ToArray();
            Assert.All(texts, text => Assert.InRange(text.Length, 1, 256));
            Messages.AreVisible(texts);
        }

        return Encoding.UTF8.GetString(answer);
    }

    /// <summary>Null = the body is no AdmissionReview that can be answered.</summary>
    private static string? UidOf(byte[] input)
    {
        try
        {
            using var json = JsonDocument.Parse(Strict.GetString(input));
            var root = json.RootElement;
            AllTexts(root);
            return Text(root, "kind") == "AdmissionReview" && Text(root, "apiVersion") == "admission.k8s.io/v1"
                && root.TryGetProperty("request", out var request) && Text(request, "uid") is { Length: > 0 } uid ? uid : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static UTF8Encoding Strict { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <exception cref="InvalidOperationException">A text is no Unicode.</exception>
    private static void AllTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject())
                {
                    Assert.NotNull(field.Name);
                    AllTexts(field.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    AllTexts(item);
                break;
            case JsonValueKind.String:
                value.GetString();
                break;
        }
    }
}
