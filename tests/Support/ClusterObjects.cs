using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kollect.Tests.Support;

/// <summary>
/// Generated cluster objects, JSON of one line each, of one to three kilobytes. Equal arguments give equal objects; another <c>revision</c> gives
/// the same objects (name, namespace, uid) with changed content.
/// </summary>
public static class ClusterObjects
{
    private static readonly string[] Apps = ["checkout", "catalogue", "orders", "payments", "search", "mailer", "gateway", "ledger", "images", "sessions"];
    private static readonly string[] Teams = ["shop", "money", "platform", "data"];
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The kinds of <see cref="Of"/> and <see cref="Mixed"/>.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["ConfigMap", "Deployment", "Job", "Pod", "Service", "ServiceAccount"];

    /// <summary>The namespaces of the objects: two per team.</summary>
    public static IReadOnlyList<string> Namespaces { get; } = [.. Teams.SelectMany(team => new[] { $"{team}-live", $"{team}-test" })];

    /// <summary>The namespaces as objects, with the labels <c>team</c> and <c>stage</c>.</summary>
    public static IEnumerable<string> NamespaceObjects() => Namespaces.Select(name => Text(new
    {
        apiVersion = "v1",
        kind = "Namespace",
        metadata = new { name, labels = new { team = name.Split('-')[0], stage = name.Split('-')[1] } },
    }));

    /// <summary>Objects of one kind.</summary>
    public static IEnumerable<string> Of(string kind, int count, int seed = 1, int revision = 0)
    {
        var of = Kinds.ToList().IndexOf(kind);
        return Enumerable.Range(0, count).Select(index => One(of, index, seed, revision));
    }

    /// <summary>Objects of all six kinds, alternating; <paramref name="count"/> is the total.</summary>
    public static IEnumerable<string> Mixed(int count, int seed = 1, int revision = 0) =>
        Enumerable.Range(0, count).Select(index => One(index % Kinds.Count, index / Kinds.Count, seed, revision));

    /// <summary>
    /// The objects of the six kinds in <c>shared/data/items.ndjson</c>, published by real projects; skips the test where the file is absent.
    /// </summary>
    public static IReadOnlyList<string> Published() =>
        [.. File.ReadLines(SharedData.Require("items.ndjson")).Select(line => JsonNode.Parse(line)!)
            .Where(item => Kinds.Contains((string)item["kind"]!))
            .Select(AsStored)
            // A cluster cannot hold two objects of one kind, namespace and name.
            .DistinctBy(it => ((string)it["kind"]!, (string)it["metadata"]!["namespace"]!, (string)it["metadata"]!["name"]!))
            .Select(it => it.ToJsonString(Json))];

    private static JsonNode AsStored(JsonNode item)
    {
        var stored = item["attributes"]!["resource"]!;
        stored["metadata"]!["namespace"] = (string?)item["namespace"] is { Length: > 0 } given ? given : "default";
        stored["metadata"]!["uid"] = (string)item["uid"]!;
        return stored;
    }

    private static string One(int kind, int index, int seed, int revision)
    {
        var random = new Random(HashOf(seed, kind, index));
        var it = new Identity(random, kind, index, revision);
        return Text(Kinds[kind] switch
        {
            "ConfigMap" => WorkloadObjects.ConfigMap(it),
            "Deployment" => WorkloadObjects.Deployment(it),
            "Job" => WorkloadObjects.Job(it),
            "Pod" => WorkloadObjects.Pod(it),
            "Service" => WorkloadObjects.Service(it),
            _ => WorkloadObjects.ServiceAccount(it),
        });
    }

    private static int HashOf(int seed, int kind, int index) => unchecked((((seed * 31) + kind) * 1_000_003) + index) & int.MaxValue;

    private static string Text(object value) => JsonSerializer.Serialize(value, Json);

    /// <summary>Identity of a generated object, and the values by which objects differ.</summary>
    internal sealed class Identity
    {
        public Identity(Random random, int kind, int index, int revision)
        {
            var uid = new byte[16];
            random.NextBytes(uid);
            (Uid, Index, Revision) = (new Guid(uid).ToString(), index, revision);
            Namespace = Namespaces[random.Next(Namespaces.Count)];
            App = Apps[random.Next(Apps.Length)];
            Name = string.Create(CultureInfo.InvariantCulture, $"{App}-{index:00000}") + (Kinds[kind] == "Pod" ? $"-{Uid[..8]}-{Uid[9..13]}" : "");
            Number = random.Next(1, 200);
        }

        public string Uid { get; }

        public int Index { get; }

        public int Revision { get; }

        public string Namespace { get; }

        public string App { get; }

        public string Name { get; }

        /// <summary>From 1 to 199.</summary>
        public int Number { get; }
    }
}
