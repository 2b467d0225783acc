using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Kollect.Core.Collection.JsonPaths;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Collection;

/// <summary>Converts an object of the cluster into an item.</summary>
internal static class Extraction
{
    private const string Nothing = "the path finds nothing; say optional: true if that is fine";

    // {"targetNamespace":"platform","targetName":"deployments","namespace":"shop","name":"web","group":"apps","version":"v1",
    //  "kind":"Deployment","uid":"…","attributes":{"replicas":3,"images":["web:1"]}}
    /// <summary>
    /// The item with the attributes of the profile. The result has the same bytes for an object of a list and for one of a watch. Never throws.
    /// </summary>
    /// <remarks>
    /// Null counts as absent. A path that can find several values and finds none gives an empty list, unless the attribute requires one value.
    /// Characters that no backend can store (<c>\u0000</c>, lone surrogates) become U+FFFD. The content of a Secret is never collected; see
    /// <see cref="ResourceExport"/> for other omissions. The paths of a profile share a budget for each object, <see cref="PathBudget"/>: the attribute
    /// that exceeds it is reported, and the item lacks it and all that follow it.
    /// </remarks>
    /// <param name="profile">The attributes to extract.</param>
    /// <param name="target">The target of the item; its selection is not applied.</param>
    /// <param name="json">The object in UTF-8, as the API server sends it. The memory can be reused after the call.</param>
    public static Extracted Item(Profile profile, Target target, ReadOnlyMemory<byte> json) =>
        Item(profile, target, json, static (_, _) => None, static (_, _) => None);

    /// <summary>The same for an object that the target may not select.</summary>
    /// <param name="plan">The attributes to extract, and the target of the item, which selects objects.</param>
    /// <param name="json">The object in UTF-8, as the API server sends it. The memory can be reused after the call.</param>
    /// <param name="namespaces">Returns a namespace; None = it is not known.</param>
    public static Extracted Item(TargetPlan.Collect plan, ReadOnlyMemory<byte> json, Func<string, Option<KnownNamespace>> namespaces) =>
        Item(
            plan.Profile,
            plan.Target,
            json,
            (metadata, uid) => Objection(plan, metadata, uid, namespaces),
            (root, uid) => Objection(plan.Target.Settings.Objects, root, uid, namespaces));

    /// <param name="ofMetadata">Why an object with this metadata and uid is no item.</param>
    /// <param name="ofObject">Why an object is no item, by all that may be collected of it: not by the content of a Secret.</param>
    private static Extracted Item(
        Profile profile,
        Target target,
        ReadOnlyMemory<byte> json,
        Func<JsonElement, string, Option<Extracted>> ofMetadata,
        Func<JsonElement, string, Option<Extracted>> ofObject)
    {
        if (!CollectedObject.Parse(json).TryRight(out var parsed, out var why))
            return new Extracted.Rejected(why);
        using var document = parsed;
        var metadata = CollectedObject.Metadata(document);
        var uid = Text(metadata, "uid");
        return uid.Length == 0
            ? new Extracted.Rejected("metadata.uid is missing, empty or no text, so the item has no identity")
            : ofMetadata(metadata, uid).IfNone(() =>
            {
                using var collectable = CollectedObject.Collectable(profile.Kind, document);
                return ofObject(collectable.RootElement, uid).IfNone(() =>
                    Item(profile, target, collectable.RootElement, CollectedObject.Metadata(collectable), uid));
            });
    }

    /// <summary>The rules with an expression, of which the metadata alone does not decide.</summary>
    private static Option<Extracted> Objection(
        ObjectSelection objects, JsonElement root, string uid, Func<string, Option<KnownNamespace>> namespaces)
    {
        if (!objects.Rules.Exists(rule => rule.Policy.IsSome))
            return None;
        var metadata = root.GetProperty("metadata"u8);
        var (ns, labels) = (Text(metadata, "namespace"), ObjectLabels.Of(metadata));
        return objects.Policies(labels, ns.Length == 0 ? None : namespaces(ns), root).Match(
            Right: holds => holds ? None : Some<Extracted>(new Extracted.NotIncluded(uid)),
            Left: why => Some<Extracted>(new Extracted.Rejected($"is not judged by the rules: {why}")));
    }

    private static Option<Extracted> Objection(
        TargetPlan.Collect plan, JsonElement metadata, string uid, Func<string, Option<KnownNamespace>> namespaces)
    {
        var (name, ns, labels) = (Text(metadata, "name"), Text(metadata, "namespace"), ObjectLabels.Of(metadata));
        return ns.Length == 0 ? Judge(None) : namespaces(ns).Match(known => Judge(known), () => new Extracted.NamespaceUnknown(ns));

        Option<Extracted> Judge(Option<KnownNamespace> of) =>
            plan.MayRead(of) && plan.Target.Settings.Objects.Includes(name, labels, of) ? None : new Extracted.NotIncluded(uid);
    }

    private static Extracted.Collected Item(Profile profile, Target target, JsonElement root, JsonElement metadata, string uid)
    {
        var problems = new List<AttributeProblem>();
        var budget = new PathBudget(JsonMarshal.GetRawUtf8Value(root).Length);
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(bytes, KubernetesItem.Plain);
        KubernetesItem.WriteIdentity(writer, new ItemIdentity(
            target.ItemNamespace,
            target.Settings.Name,
            Text(metadata, "namespace"),
            Text(metadata, "name"),
            profile.Kind.Group,
            profile.Kind.Version,
            profile.Kind.Kind,
            uid));
        writer.WriteStartObject("attributes"u8);
        foreach (var attribute in profile.Attributes.AsEnumerable().TakeWhile(_ => !budget.IsExceeded))
            WriteAttribute(writer, attribute, root, budget, problems);
        foreach (var export in profile.Resource.AsEnumerable().TakeWhile(_ => !budget.IsExceeded))
            WriteResource(writer, export, root, budget, problems);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        // A copy of exact length, because an item is kept as long as its object exists.
        return new Extracted.Collected(
            new CollectedItem(target.Settings.Name, uid, Text(metadata, "namespace"), bytes.WrittenSpan.ToArray()),
            problems.ToArray().ToSeq());
    }

    private static void WriteAttribute(
        Utf8JsonWriter writer, ProfileAttribute attribute, JsonElement root, PathBudget budget, List<AttributeProblem> problems)
    {
        var found = attribute.Path.Evaluate(root, attribute.IsOptional, budget).Bind(values =>
            AttributeValue.Of(attribute.Type, values, attribute.Path.IsDefinite));
        if (found.Exists(value => value.Exists(it => !budget.Keep(it.Length))) || budget.IsExceeded)
            problems.Add(AttributeProblem.OfBudget(attribute.Name, $"{attribute.Path}", budget));
        else if (!found.TryRight(out var value, out var why))
            problems.Add(new AttributeProblem(attribute.Name, why));
        else if (value.TrySome(out var it))
        {
            writer.WritePropertyName(attribute.Name);
            it.Write(writer);
        }
        else if (!attribute.IsOptional)
            problems.Add(new AttributeProblem(attribute.Name, Nothing));
    }

    private static void WriteResource(
        Utf8JsonWriter writer, ResourceExport export, JsonElement root, PathBudget budget, List<AttributeProblem> problems)
    {
        var pruned = new System.Collections.Generic.HashSet<PathNode>();
        foreach (var path in export.Prune)
        {
            // Two nodes are compared by the names of all their parents.
            if (path.Find(root, budget).TryRight(out var nodes, out _) && nodes.ForAll(node => budget.Search(node.Depth)))
                pruned.UnionWith(nodes);
            else
            {
                // Without the pruning the item would contain fields that the profile excludes.
                problems.Add(AttributeProblem.OfBudget(export.As, $"{path}", budget));
                return;
            }
        }

        writer.WritePropertyName(export.As);
        var document = new PathNode(root, null);
        pruned.UnionWith(document.Children().Where(field => !export.Keeps(field.Name)));
        Write(writer, document, pruned, export.Sensitive);
    }

    private static void Write(
        Utf8JsonWriter writer, PathNode node, System.Collections.Generic.HashSet<PathNode> pruned, Option<SensitiveFields> sensitive)
    {
        if ((pruned.Count == 0 && sensitive.IsNone) || node.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
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
            if (isObject && sensitive.Exists(it => it.Include(child.Name, child.Value)))
                SensitiveFields.WriteReplacement(writer);
            else
                Write(writer, child, pruned, sensitive);
        }

        if (isObject)
            writer.WriteEndObject();
        else
            writer.WriteEndArray();
    }

    /// <summary>Empty = the field is absent or not a text.</summary>
    private static string Text(JsonElement metadata, string field) =>
        metadata.ValueKind == JsonValueKind.Object && metadata.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";
}
