using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Core.Views;

namespace Kollect.Core.Backends.MongoDb.Views;

/// <summary>A view as the command that creates or replaces it.</summary>
internal static class ViewRender
{
    private const string Value = "$$value";
    private const string Attributes = "attributes";

    /// <summary>Before the end of the text: PCRE's <c>$</c> stands before a last line break, too.</summary>
    private const string End = "(?![^a]|a)";

    /// <summary>The command as a line for <c>mongosh</c>.</summary>
    public static Statement Statement(DesiredView desired, bool replaces, string why) => new(
        $"use({JsonValue.Create(desired.View.Database).ToJsonString()});\ndb.runCommand({JsonText.Of(Command(desired, replaces))});", why);

    /// <summary>The same as the server takes it.</summary>
    public static ReadOnlyMemory<byte> Bson(DesiredView desired, bool replaces)
    {
        var writer = new BsonWriter();
        BsonJson.WriteDocument(writer, Encoding.UTF8.GetBytes(Command(desired, replaces).ToJsonString()));
        return writer.Written;
    }

    /// <summary>The fields of the last stage. No value of a payload makes them fail: a conversion takes only what it can convert, else it gives null.</summary>
    public static JsonObject Fields(DesiredView desired)
    {
        var fields = new JsonObject { ["_id"] = 0 };
        foreach (var name in ViewColumn.Fixed)
            fields[name] = name == ViewColumn.ResourceName ? Of("$ifNull", "$payload.name", null) : 1;
        foreach (var column in desired.Columns)
            fields[column.Name] = new JsonObject
            {
                ["$let"] = new JsonObject
                {
                    ["vars"] = new JsonObject
                    {
                        // The only way to a field with a dot or a dollar in its name (MongoDB manual, "Field Names with Dots and Dollar Signs").
                        ["value"] = new JsonObject
                        {
                            ["$getField"] = new JsonObject { ["field"] = new JsonObject { ["$literal"] = column.Attribute }, ["input"] = $"${Attributes}" },
                        },
                    },
                    ["in"] = Converted(column.Type),
                },
            };
        return fields;
    }

    // { "create": "items_platform_deployments", "viewOn": "items", "pipeline": [ { "$match": … }, { "$set": … }, { "$project": … } ] }
    private static JsonObject Command(DesiredView desired, bool replaces) => new()
    {
        [replaces ? "collMod" : "create"] = desired.View.Collection,
        ["viewOn"] = desired.Collection.Collection,
        ["pipeline"] = new JsonArray(
            new JsonObject
            {
                ["$match"] = new JsonObject
                {
                    ["inventory_namespace"] = desired.Of.RowNamespace,
                    ["target_name"] = desired.Of.Target,
                    ["$comment"] = desired.Comment,
                },
            },
            new JsonObject
            {
                ["$set"] = new JsonObject { [Attributes] = If(Is("object", $"$payload.{Attributes}"), $"$payload.{Attributes}", new JsonObject()) },
            },
            new JsonObject { ["$project"] = Fields(desired) }),
    };

    private static JsonNode Converted(ViewType type) => type switch
    {
        ViewType.Text => If(
            Of("$in", new JsonObject { ["$type"] = Value }, new JsonArray("string", "int", "long", "double", "decimal", "bool")),
            new JsonObject { ["$toString"] = Value },
            null),
        ViewType.Integer => If(
            new JsonObject { ["$isNumber"] = Value },
            If(Of("$eq", Value, new JsonObject { ["$trunc"] = Value }), Convert(Value, "long"), null),
            Matching(Patterns.Whole, Convert(Convert(Value, "decimal"), "long"))),
        ViewType.Number => If(new JsonObject { ["$isNumber"] = Value }, Value, Matching(Patterns.Number, Convert(Value, "double"))),
        ViewType.Boolean => If(
            Is("bool", Value), Value, If(Is("string", Value), If(Word("true"), true, If(Word("false"), false, null)), null)),
        ViewType.Timestamp => Matching(
            Patterns.Timestamp, new JsonObject { ["$dateFromString"] = new JsonObject { ["dateString"] = Value, ["onError"] = null, ["onNull"] = null } }),
        ViewType.List => If(new JsonObject { ["$isArray"] = new JsonArray(Value) }, Value, null),
        ViewType.Object => If(Is("object", Value), Value, null),
        ViewType.Json => Of("$ifNull", Value, null),
        _ => throw new UnreachableException(),
    };

    private static JsonObject Matching(string pattern, JsonNode then) => If(
        Is("string", Value),
        If(new JsonObject { ["$regexMatch"] = new JsonObject { ["input"] = Value, ["regex"] = pattern + End } }, then, null),
        null);

    private static JsonObject Word(string word) => Of("$eq", new JsonObject { ["$toLower"] = Value }, word);

    private static JsonObject Convert(JsonNode input, string to) => new()
    {
        ["$convert"] = new JsonObject { ["input"] = input, ["to"] = to, ["onError"] = null, ["onNull"] = null },
    };

    private static JsonObject Is(string type, string path) => Of("$eq", new JsonObject { ["$type"] = path }, type);

    private static JsonObject If(JsonNode test, JsonNode? then, JsonNode? otherwise) => Of("$cond", test, then, otherwise);

    private static JsonObject Of(string name, params JsonNode?[] arguments) => new() { [name] = new JsonArray(arguments) };
}
