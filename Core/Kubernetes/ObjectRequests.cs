using System.Globalization;
using System.Text.Json;
using Kollect.Core.Formatting;

namespace Kollect.Core.Kubernetes;

/// <summary>Bodies of requests to the API server about one object.</summary>
internal static class ObjectRequests
{
    /// <summary>The API server's limit on an event's note, in bytes of UTF-8 (Kubernetes, pkg/apis/core/validation/events.go).</summary>
    private const int MaxNote = 1_024;

    /// <summary>As above, of <c>reportingInstance</c>.</summary>
    private const int MaxInstance = 128;

    /// <summary>Leaves room for the random suffix that the API server appends; a generated name has at most 253 characters.</summary>
    private const int MaxNamePrefix = 200;

    /// <summary>Server-side apply of the subresource <c>status</c>. The uid makes the request fail for a later object of the same name.</summary>
    /// <param name="status">Writes the value of <c>status</c>: the <c>WriteJson</c> of its model.</param>
    public static byte[] Status(ObjectIdentity it, Action<Utf8JsonWriter> status) => Json(writer =>
    {
        writer.WriteString("apiVersion", it.ApiVersion);
        writer.WriteString("kind", it.Kind);
        writer.WriteStartObject("metadata");
        writer.WriteString("name", it.Name);
        WriteNamespace(writer, it.Namespace);
        if (it.Metadata.Uid is { } uid)
            writer.WriteString("uid", uid);
        writer.WriteEndObject();
        writer.WritePropertyName("status");
        status(writer);
    });

    /// <summary>A merge patch that removes annotations.</summary>
    public static byte[] WithoutAnnotations(Seq<string> names) => Json(writer =>
    {
        writer.WriteStartObject("metadata");
        writer.WriteStartObject("annotations");
        foreach (var name in names)
            writer.WriteNull(name);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>A merge patch that replaces the finalizers; the API server answers with a conflict if the object has changed since it was read.</summary>
    public static byte[] Finalizers(ObjectIdentity it, Seq<string> finalizers) => Json(writer =>
    {
        writer.WriteStartObject("metadata");
        writer.WriteString("uid", it.Metadata.Uid);
        writer.WriteString("resourceVersion", it.Metadata.ResourceVersion);
        writer.WriteStartArray("finalizers");
        foreach (var finalizer in finalizers)
            writer.WriteStringValue(finalizer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    /// <summary>An <c>events.k8s.io/v1</c> Event, to be created in <see cref="ObjectIdentity.EventNamespace"/> of the object.</summary>
    /// <param name="regarding">The object that the event is about.</param>
    /// <param name="action">The operator's action in one CamelCase word: <c>Probe</c>.</param>
    /// <param name="it">The outcome of the action.</param>
    /// <param name="now">Written in whole microseconds, UTC.</param>
    /// <param name="instance">The name of the operator's pod.</param>
    public static byte[] Event(ObjectIdentity regarding, string action, ObjectEvent it, DateTimeOffset now, string instance) =>
        EventIn(regarding.EventNamespace, regarding, action, it, now, instance);

    /// <summary>
    /// The same event in another namespace, for an object whose own namespace is terminating and accepts nothing new: an event with a time may stand in
    /// any namespace (Kubernetes, pkg/apis/core/validation/events.go). The note begins with the object, because kubectl shows its kind and name alone.
    /// </summary>
    public static byte[] EventOfTerminating(
        string @namespace, ObjectIdentity regarding, string action, ObjectEvent it, DateTimeOffset now, string instance) =>
        EventIn(@namespace, regarding, action, it with { Note = $"{regarding}: {it.Note}" }, now, instance);

    private static byte[] EventIn(
        string @namespace, ObjectIdentity regarding, string action, ObjectEvent it, DateTimeOffset now, string instance) => Json(writer =>
    {
        writer.WriteString("apiVersion", "events.k8s.io/v1");
        writer.WriteString("kind", "Event");
        writer.WriteStartObject("metadata");
        writer.WriteString("generateName", NamePrefix(regarding.Name));
        writer.WriteString("namespace", @namespace);
        writer.WriteEndObject();
        writer.WriteString("eventTime", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("reportingController", "kollect.dev/operator");
        writer.WriteString("reportingInstance", Shown.CutBytes(instance, MaxInstance));
        writer.WriteString("action", action);
        writer.WriteString("reason", it.Reason);
        writer.WriteString("type", it.IsWarning ? "Warning" : "Normal");
        writer.WriteString("note", Shown.CutBytes(it.Note, MaxNote));
        WriteRegarding(writer, regarding);
    });

    private static void WriteRegarding(Utf8JsonWriter writer, ObjectIdentity it)
    {
        writer.WriteStartObject("regarding");
        writer.WriteString("apiVersion", it.ApiVersion);
        writer.WriteString("kind", it.Kind);
        WriteNamespace(writer, it.Namespace);
        writer.WriteString("name", it.Name);
        if (it.Metadata.Uid is { } uid)
            writer.WriteString("uid", uid);
        if (it.Metadata.ResourceVersion is { } version)
            writer.WriteString("resourceVersion", version);
        writer.WriteEndObject();
    }

    /// <summary>
    /// A prefix is validated like a name, and only a trailing <c>-</c> is forgiven (maskTrailingDash in apimachinery, api/validation/generic.go): what
    /// stands before it ends in a letter or digit.
    /// </summary>
    private static string NamePrefix(string name) => name[..Math.Min(name.Length, MaxNamePrefix)].TrimEnd('.', '-') + "-";

    private static void WriteNamespace(Utf8JsonWriter writer, string @namespace)
    {
        if (@namespace.Length > 0)
            writer.WriteString("namespace", @namespace);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
