using System.Buffers;
using System.Text.Json;
using Kollect.Core.Collection.JsonPaths;
using Kollect.Core.Snapshots;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>An object of the cluster -> the item that stands for it.</summary>
public static class Extraction
{
    private const string Nothing = "the path finds nothing; say optional: true if that is fine";

    // {"targetNamespace":"platform","targetName":"deployments","namespace":"shop","name":"web","group":"apps","version":"v1",
    //  "kind":"Deployment","uid":"…","attributes":{"replicas":3,"images":["web:1"]}}
    /// <summary>
    /// The item with the attributes of the profile. The same object gives the same bytes, whether a list or a watch brought it. Never throws.
    /// </summary>
    /// <remarks>
    /// Null counts as absent. A path that can find several values and finds none gives an empty list, unless one value is wanted. Characters that no backend can
    /// hold (<c>\u0000</c>, halves of surrogate pairs) become U+FFFD. The content of a Secret is never collected, see <see cref="ResourceExport"/> for the rest.
    /// </remarks>
    /// <param name="profile">What is kept.</param>
    /// <param name="target">For whom.</param>
    /// <param name="json">The object in UTF-8, as the API server sent it; free to be reused afterwards.</param>
    public static Extracted Item(Profile profile, Target target, ReadOnlyMemory<byte> json) => Item(profile, target, json, static (_, _) => None);

    /// <summary>The same, of an object that the target may not want.</summary>
    /// <param name="profile">What is kept.</param>
    /// <param name="target">For whom.</param>
    /// <param name="json">The object in UTF-8, as the API server sent it; free to be reused afterwards.</param>
    /// <param name="namespaces">Labels of a namespace; None = they are not known.</param>
    public static Extracted Item(
        Profile profile, Target target, ReadOnlyMemory<byte> json, Func<string, Option<Map<OrdStringOrdinal, string, string>>> namespaces) =>
        Item(profile, target, json, (metadata, uid) => Objection(target.Settings.Objects, metadata, uid, namespaces));

    private static Extracted Item(Profile profile, Target target, ReadOnlyMemory<byte> json, Func<JsonElement, string, Option<Extracted>> objection)
    {
        if (!CollectedObject.Parse(json).TryRight(out var parsed, out var why))
            return new Extracted.Rejected(why);
        using var document = parsed;
        var metadata = CollectedObject.Metadata(document);
        var uid = Text(metadata, "uid");
        return uid.Length == 0
            ? new Extracted.Rejected("metadata.uid is missing, empty or no text, so the item has no identity")
            : objection(metadata, uid).IfNone(() =>
            {
                using var collectable = CollectedObject.Collectable(profile.Kind, document);
                return Item(profile, target, collectable.RootElement, CollectedObject.Metadata(collectable), uid);
            });
    }

    private static Option<Extracted> Objection(
        ObjectSelection wanted, JsonElement metadata, string uid, Func<string, Option<Map<OrdStringOrdinal, string, string>>> namespaces)
    {
        var (name, ns, labels) = (Text(metadata, "name"), Text(metadata, "namespace"), ObjectLabels.Of(metadata));
        if (ns.Length == 0)
            return wanted.Includes(name, labels, None) ? None : new Extracted.NotIncluded(uid);
        return namespaces(ns).Match<Option<Extracted>>(
            known => wanted.Includes(name, labels, known) ? None : new Extracted.NotIncluded(uid),
            () => new Extracted.NamespaceUnknown(ns));
    }

    private static Extracted.Collected Item(Profile profile, Target target, JsonElement root, JsonElement metadata, string uid)
    {
        var problems = new List<AttributeProblem>();
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(bytes, KubernetesItem.Plain);
        KubernetesItem.WriteIdentity(writer, new ItemIdentity(
            target.ItemNamespace, target.Settings.Name, Text(metadata, "namespace"), Text(metadata, "name"), profile.Kind.Group, profile.Kind.Version, profile.Kind.Kind, uid));
        writer.WriteStartObject("attributes"u8);
        foreach (var attribute in profile.Attributes)
            WriteAttribute(writer, attribute, root, problems);
        profile.Resource.Iter(export => WriteResource(writer, export, root, problems));
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        // A copy of its own length: items are kept for as long as their objects live.
        return new Extracted.Collected(new CollectedItem(target.Settings.Name, uid, Text(metadata, "namespace"), bytes.WrittenSpan.ToArray()), problems.ToArray().ToSeq());
    }

    private static void WriteAttribute(Utf8JsonWriter writer, ProfileAttribute attribute, JsonElement root, List<AttributeProblem> problems)
    {
        var found = attribute.Path.Evaluate(root).Bind(values => AttributeValue.Of(attribute.Type, values, attribute.Path.IsDefinite));
        if (!found.TryRight(out var value, out var why))
            problems.Add(new AttributeProblem(attribute.Name, why));
        else if (value.TrySome(out var it))
        {
            writer.WritePropertyName(attribute.Name);
            it.Write(writer);
        }
        else if (!attribute.IsOptional)
            problems.Add(new AttributeProblem(attribute.Name, Nothing));
    }

    private static void WriteResource(Utf8JsonWriter writer, ResourceExport export, JsonElement root, List<AttributeProblem> problems)
    {
        var pruned = new System.Collections.Generic.HashSet<PathNode>();
        foreach (var path in export.Prune)
        {
            if (path.Find(root).TryRight(out var nodes, out var why))
                pruned.UnionWith(nodes);
            else
            {
                // What somebody wanted left out is not kept because that failed.
                problems.Add(new AttributeProblem(export.As, $"a path of prune {why}"));
                return;
            }
        }

        writer.WritePropertyName(export.As);
        Write(writer, new PathNode(root, null, ""), pruned);
    }

    private static void Write(Utf8JsonWriter writer, PathNode node, System.Collections.Generic.HashSet<PathNode> pruned)
    {
        if (pruned.Count == 0 || node.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
        {
            node.Value.WriteTo(writer);
            return;
        }

        var isObject = node.Value.ValueKind == JsonValueKind.Object;
        if (isObject)
            writer.WriteStartObject();
        else
            writer.WriteStartArray();
        foreach (var child in node.Children().Where(child => !pruned.Contains(child)))
        {
            if (isObject)
                writer.WritePropertyName(child.Name);
            Write(writer, child, pruned);
        }

        if (isObject)
            writer.WriteEndObject();
        else
            writer.WriteEndArray();
    }

    /// <summary>Empty = absent, or no text.</summary>
    private static string Text(JsonElement metadata, string field) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
