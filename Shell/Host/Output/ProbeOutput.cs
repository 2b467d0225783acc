using System.Diagnostics;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;

namespace Kollect.Host.Output;

/// <summary>Prints the result of a probe, as JSON and as text.</summary>
internal static class ProbeOutput
{
    public static JsonObject Json(SinkSettings sink, ProbeResult result) => result switch
    {
        ProbeResult.Succeeded it => new JsonObject
        {
            ["sink"] = PlanOutput.Name(sink),
            ["ready"] = true,
            ["message"] = it.Message,
            ["checked"] = new JsonArray([.. it.Checked.Map(line => (JsonNode)line)]),
        },
        ProbeResult.Failed it => PlanOutput.Json(sink, it.Failure),
        _ => throw new UnreachableException(),
    };

    public static IEnumerable<string> Text(SinkSettings sink, ProbeResult result) => result switch
    {
        ProbeResult.Succeeded it => [$"{PlanOutput.Name(sink)}: {it.Message}", .. it.Checked.Map(line => $"  {line}")],
        ProbeResult.Failed it => PlanOutput.Text(sink, it.Failure),
        _ => throw new UnreachableException(),
    };
}
