using System.Text.Json.Nodes;

namespace Kollect.Shell.Tests.Deploy;

/// <summary>Compares two sets of objects by content, not by text.</summary>
internal static class SameObjects
{
    /// <param name="allowed">Fields that only the second set has: a path, a slash and a key, e.g. <c>metadata.labels/helm.sh/chart</c>.</param>
    public static void Verify(Dictionary<string, JsonNode> expected, Dictionary<string, JsonNode> actual, params string[] allowed)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, node) in expected)
        {
            var found = actual[name].DeepClone();
            foreach (var field in allowed)
                Remove(found, field);
            Assert.True(JsonNode.DeepEquals(node, found), $"{name}:\n{Sorted(node)}\nbut\n{Sorted(found)}");
        }
    }

    private static void Remove(JsonNode node, string field)
    {
        var (holder, key) = (field[..field.IndexOf('/')], field[(field.IndexOf('/') + 1)..]);
        var keys = holder.Split('.');
        var fields = keys.Aggregate((JsonNode?)node, (found, name) => found?[name]) as JsonObject;
        if (fields?.Remove(key) == true && fields.Count == 0)
            keys[..^1].Aggregate((JsonNode?)node, (found, name) => found?[name])!.AsObject().Remove(keys[^1]);
    }

    /// <summary>With keys in ordinal order, so that a difference is found by eye.</summary>
    private static string Sorted(JsonNode node) => Order(node)!.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });

    private static JsonNode? Order(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(it => it.Key, StringComparer.Ordinal).Select(it => KeyValuePair.Create(it.Key, Order(it.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Order)]),
        _ => node?.DeepClone(),
    };
}
