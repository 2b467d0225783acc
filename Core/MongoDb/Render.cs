using System.Text.Json.Nodes;
using Kollect.Core.Json;

namespace Kollect.Core.MongoDb;

/// <summary>What a MongoDB sink needs, as the database commands that create it.</summary>
public static class Render
{
    /// <summary>Argument of <c>db.runCommand</c> in the sink's database; code 48 = it is already there.</summary>
    public static string CreateCollection(Desired desired) => JsonText.Of(new JsonObject { ["create"] = desired.Collection });

    /// <summary>Argument of <c>db.runCommand</c> in the sink's database; code 68 = it is already there.</summary>
    public static string CreateIdentityIndex(Desired desired) => JsonText.Of(new JsonObject
    {
        ["createIndexes"] = desired.Collection,
        ["indexes"] = new JsonArray(new JsonObject
        {
            ["key"] = new JsonObject(Desired.Identity.AsEnumerable().Select(field => KeyValuePair.Create(field, (JsonNode?)JsonValue.Create(1)))),
            ["name"] = Desired.IdentityIndex,
            ["unique"] = true,
        }),
    });

    // // mongosh
    // use("inventory");
    // db.runCommand({ … });

    /// <summary>Both commands as a script that an administrator can run with <c>mongosh</c>.</summary>
    public static string Script(Desired desired) =>
        $"""
        use({JsonValue.Create(desired.Database).ToJsonString()});
        db.runCommand({CreateCollection(desired)});
        db.runCommand({CreateIdentityIndex(desired)});
        """;
}
