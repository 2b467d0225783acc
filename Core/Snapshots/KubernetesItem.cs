using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kollect.Core.Snapshots;

/// <summary>Converts a Kubernetes object into an item.</summary>
internal static class KubernetesItem
{
    /// <summary>The levels of nesting that the item adds around the object: the item itself and its <c>attributes</c>.</summary>
    public const int LevelsAround = 2;

    /// <summary>No escapes beyond those that JSON requires.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // {"targetNamespace":"platform","targetName":"deployments","namespace":"shop","name":"web","group":"apps","version":"v1",
    //  "kind":"Deployment","uid":"…","attributes":{"resource":{…}}}
    /// <summary>The item's JSON. The object's bytes are copied unchanged, without <c>metadata.managedFields</c>.</summary>
    public static ReadOnlyMemory<byte> Write(ReadOnlySpan<byte> resource, in ElementScan facts, string targetNamespace, string targetName)
    {
        var metadata = facts.Metadata!;
        var (group, version) = GroupVersion(facts.ApiVersion!);
        var json = new ArrayBufferWriter<byte>(resource.Length + 512);
        using var writer = new Utf8JsonWriter(json, Plain);
        WriteIdentity(writer, new ItemIdentity(
            targetNamespace, targetName, metadata.Namespace ?? "", metadata.Name ?? "", group, version, facts.Kind!, metadata.Uid!));
        writer.WriteStartObject("attributes"u8);
        writer.WritePropertyName("resource"u8);
        writer.WriteRawValue(Without(resource, metadata.ManagedFields), skipInputValidation: true);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }

    /// <summary>Puts kind and apiVersion first into the JSON of an object that has neither, and is not empty.</summary>
    public static ReadOnlyMemory<byte> WithType(ReadOnlySpan<byte> json, ItemType type)
    {
        var typed = new ArrayBufferWriter<byte>(json.Length + 128);
        using var writer = new Utf8JsonWriter(typed, Plain);
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, type.ApiVersion);
        writer.WriteString("kind"u8, type.Kind);
        writer.Flush();
        typed.Write(","u8);
        typed.Write(json[(json.IndexOf((byte)'{') + 1)..]);
        return typed.WrittenMemory;
    }

    /// <summary>Opens the item's JSON object and writes all fields but <c>attributes</c>.</summary>
    public static void WriteIdentity(Utf8JsonWriter writer, in ItemIdentity identity)
    {
        writer.WriteStartObject();
        writer.WriteString("targetNamespace"u8, identity.TargetNamespace);
        writer.WriteString("targetName"u8, identity.TargetName);
        writer.WriteString("namespace"u8, identity.Namespace);
        writer.WriteString("name"u8, identity.Name);
        if (identity.Group.Length > 0)
            writer.WriteString("group"u8, identity.Group);
        writer.WriteString("version"u8, identity.Version);
        writer.WriteString("kind"u8, identity.Kind);
        writer.WriteString("uid"u8, identity.Uid);
    }

    /// <summary><c>apps/v1</c> is group apps, version v1; <c>v1</c> is the core group, whose name is empty.</summary>
    public static (string Group, string Version) GroupVersion(string apiVersion) => apiVersion.Split('/', 2) switch
    {
        [var group, var version] => (group, version),
        _ => ("", apiVersion),
    };

    // From the last to the first, so that the remaining ranges stay valid.
    private static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> json, Seq<Range> properties)
    {
        foreach (var property in properties.Rev())
            json = Without(json, property);
        return json;
    }

    /// <summary>Removes a property together with its comma.</summary>
    private static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> json, Range property)
    {
        var (start, end) = (property.Start.Value, property.End.Value);
        var after = json[end..].IndexOfAnyExcept(" \t\r\n"u8) + end;
        if (json[after] == (byte)',')
            end = after + 1;
        else if (json[..start].TrimEnd(" \t\r\n"u8) is var before && before.EndsWith(","u8))
            start = before.Length - 1;
        return (byte[])[.. json[..start], .. json[end..]];
    }
}

/// <summary>The fields of an item beside <c>attributes</c>.</summary>
/// <param name="TargetNamespace">Empty = the target is cluster-scoped.</param>
/// <param name="TargetName">The target's name; never empty.</param>
/// <param name="Namespace">Empty = the object is cluster-scoped.</param>
/// <param name="Name">The object's name; empty = it has none.</param>
/// <param name="Group">Empty = the core group; the field is then omitted.</param>
/// <param name="Version">E.g. <c>v1</c>.</param>
/// <param name="Kind">E.g. <c>Deployment</c>.</param>
/// <param name="Uid">The object's uid; never empty.</param>
internal readonly record struct ItemIdentity(
    string TargetNamespace, string TargetName, string Namespace, string Name, string Group, string Version, string Kind, string Uid);
