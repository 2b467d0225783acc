using System.Text.Json.Nodes;
using Kollect.Host.Uninstall;

namespace Kollect.Host.Output;

/// <summary>Prints what an uninstallation finds, as JSON and as text.</summary>
internal static class UninstallOutput
{
    // inventories (1):
    //   KollectInventory shop/all
    // The operator removes the rows of the inventories from the databases.
    /// <param name="others">Who else uses the namespace of the operator, which therefore stays.</param>
    public static IEnumerable<string> Text(IReadOnlyList<FoundStep> found, string @namespace, IReadOnlyList<FoundObject> others, bool keepsRows)
    {
        foreach (var step in found)
        {
            yield return FormattableString.Invariant($"{step.What} ({step.Objects.Count}):");
            foreach (var it in step.Objects)
                yield return $"  {it}";
        }

        if (others.Count > 0)
            yield return $"The namespace {@namespace} stays, because others use it too: {string.Join(", ", others.Take(5))}{(others.Count > 5 ? " …" : "")}.";
        yield return found.Count == 0 ? "nothing of Kollect is there"
            : keepsRows ? "The rows in the databases stay."
            : "The operator removes the rows of the inventories from the databases.";
    }

    /// <param name="removed">False = they are only shown.</param>
    /// <param name="leftBehind">One line for each inventory whose rows were left behind.</param>
    public static JsonObject Json(
        string server, string @namespace, IReadOnlyList<FoundStep> found, bool keepsRows, bool removed, IEnumerable<string> leftBehind)
    {
        var json = Document.Of("Uninstallation");
        json["cluster"] = server;
        json["namespace"] = @namespace;
        json["keepsRows"] = keepsRows;
        json["removed"] = removed;
        json["steps"] = new JsonArray([.. found.Select(step => (JsonNode)new JsonObject
        {
            ["what"] = step.What,
            ["objects"] = new JsonArray([.. step.Objects.Select(it => (JsonNode)it.ToString())]),
        })]);
        json["leftBehind"] = new JsonArray([.. leftBehind.Select(it => (JsonNode)it)]);
        return json;
    }
}
