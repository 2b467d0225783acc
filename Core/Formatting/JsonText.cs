using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kollect.Core.Formatting;

/// <summary>
/// Writes JSON for people: indented by two spaces, <c>\n</c> as line break, no escapes beyond those that JSON requires and those of hidden characters.
/// </summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        IndentSize = 2,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(JsonNode node) => Shown.PlainJson(node.ToJsonString(Readable));
}
