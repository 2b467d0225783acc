using System.Text.Json.Nodes;
using Kollect.Core.Explanations;

namespace Kollect.Host.Output;

/// <summary>Prints explanations, as JSON and as text.</summary>
internal static class ExplainOutput
{
    public static JsonObject Json(Seq<Topic> topics)
    {
        var json = Document.Of("Explanation");
        json["topics"] = new JsonArray([.. topics.Map(topic => (JsonNode)new JsonObject
        {
            ["kind"] = topic.Kind,
            ["name"] = topic.Name,
            ["meaning"] = topic.Meaning,
            ["facts"] = Lines(topic.Facts),
            ["example"] = Lines(topic.Example),
            ["messages"] = Lines(topic.Messages),
            ["remedy"] = topic.Remedy.MatchUnsafe<string?>(text => text, () => null),
        })]);
        return json;
    }

    /// <summary>One line for each, below the name of their kind.</summary>
    public static IEnumerable<string> List(Seq<Topic> topics) => topics.AsEnumerable().GroupBy(topic => topic.Kind).SelectMany((kind, index) =>
    {
        var width = kind.Max(topic => topic.Name.Length);
        return (string[])[.. index == 0 ? (string[])[] : [""], kind.Key, .. kind.Select(topic => $"  {topic.Name.PadRight(width)}  {topic.Meaning}")];
    });

    // KDB040 (rule of manifests)
    //   No option key looks like a secret.
    public static IEnumerable<string> Text(Seq<Topic> topics) => topics.AsEnumerable().SelectMany((topic, index) => (string[])
    [
        .. index == 0 ? (string[])[] : [""],
        $"{topic.Name} ({topic.Kind})",
        $"  {topic.Meaning}",
        .. topic.Facts.Map(fact => $"  {fact}"),
        .. Block("Example", topic.Example),
        .. Block(topic.Messages.Count > 1 ? "Messages" : "Message", topic.Messages),
        .. Block("What to do", topic.Remedy.ToSeq()),
    ]);

    private static IEnumerable<string> Block(string title, Seq<string> lines) => lines.IsEmpty ? [] : ["", title, .. lines.Map(line => $"  {line}")];

    private static JsonArray Lines(Seq<string> lines) => new([.. lines.Map(line => (JsonNode)line)]);
}
