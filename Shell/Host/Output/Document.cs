using System.Text.Json.Nodes;

namespace Kollect.Host.Output;

/// <summary>The documents of <c>-o json</c>, as <c>docs/reference/cli-output.schema.json</c> describes them.</summary>
internal static class Document
{
    private const string ApiVersion = "cli.kollect.dev/v1alpha1";

    /// <summary>A document with its type and nothing else.</summary>
    public static JsonObject Of(string kind) => new() { ["apiVersion"] = ApiVersion, ["kind"] = kind };

    /// <summary>A document with a result for each sink.</summary>
    public static JsonObject OfSinks(string kind, IEnumerable<JsonNode> sinks)
    {
        var json = Of(kind);
        json["sinks"] = new JsonArray([.. sinks]);
        return json;
    }

    /// <summary>Why a command did not do its work.</summary>
    /// <param name="reason"><c>Usage</c>, <c>Refused</c>, <c>TryLater</c> or <c>Defect</c>.</param>
    public static JsonObject Error(string reason, int exitCode, IEnumerable<string> messages)
    {
        var json = Of("Error");
        json["reason"] = reason;
        json["exitCode"] = exitCode;
        json["messages"] = new JsonArray([.. messages.Select(it => (JsonNode)it)]);
        return json;
    }
}
