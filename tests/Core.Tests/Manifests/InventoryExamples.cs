using System.Text.Json.Nodes;
using Kollect.Core.Explanations;

namespace Kollect.Core.Tests.Manifests;

/// <summary>The manifests of <see cref="ProblemExamples"/> that are of inventories, profiles and targets, without those of the schema.</summary>
internal static class InventoryExamples
{
    public static SortedDictionary<string, JsonObject> ById { get; } = new(
        ProblemExamples.ById.Where(it => it.Value.Kind != "KollectDatabaseSink" && string.CompareOrdinal(it.Key, "KDB020") >= 0)
            .ToDictionary(it => it.Key, it => it.Value.Manifest),
        StringComparer.Ordinal);
}
