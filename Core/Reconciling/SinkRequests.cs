using System.Globalization;
using System.Text.Json;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Wording;

namespace Kollect.Core.Reconciling;

/// <summary>A decision as the bodies that the API server takes.</summary>
public static class SinkRequests
{
    /// <summary>The API's limit on an event's note, in characters (events.k8s.io/v1).</summary>
    private const int MaxNote = 1_024;

    /// <summary>Room for the random end that the API server adds to a generated name of at most 253 characters.</summary>
    private const int MaxNamePrefix = 200;

    /// <summary>For server-side apply of the subresource <c>status</c>. The uid keeps it from a later sink of the same name.</summary>
    public static byte[] Status(KollectDatabaseSink sink, KollectDatabaseSinkStatus status) => Json(writer =>
    {
        writer.WriteString("apiVersion", sink.ApiVersion);
        writer.WriteString("kind", sink.Kind);
        writer.WriteStartObject("metadata");
        writer.WriteString("name", sink.Metadata.Name);
        writer.WriteString("namespace", sink.Metadata.Namespace);
        if (sink.Metadata.Uid is { } uid)
            writer.WriteString("uid", uid);
        writer.WriteEndObject();
        writer.WritePropertyName("status");
        status.WriteJson(writer);
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

    /// <summary>An <c>events.k8s.io/v1</c> Event about the sink.</summary>
    /// <param name="sink">About which it is.</param>
    /// <param name="happening">What happened.</param>
    /// <param name="now">When.</param>
    /// <param name="instance">Which operator says so: the name of its pod.</param>
    public static byte[] Event(KollectDatabaseSink sink, Happening happening, DateTimeOffset now, string instance) => Json(writer =>
    {
        var name = sink.Metadata.Name ?? "";
        writer.WriteString("apiVersion", "events.k8s.io/v1");
        writer.WriteString("kind", "Event");
        writer.WriteStartObject("metadata");
        writer.WriteString("generateName", name[..Math.Min(name.Length, MaxNamePrefix)] + ".");
        writer.WriteString("namespace", sink.Metadata.Namespace);
        writer.WriteEndObject();
        writer.WriteString("eventTime", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("reportingController", "kollect.dev/operator");
        writer.WriteString("reportingInstance", Shown.Cut(instance, 128));
        writer.WriteString("action", "Probe");
        writer.WriteString("reason", happening.Reason);
        writer.WriteString("type", happening.IsWarning ? "Warning" : "Normal");
        writer.WriteString("note", Shown.Cut(happening.Note, MaxNote));
        writer.WriteStartObject("regarding");
        writer.WriteString("apiVersion", sink.ApiVersion);
        writer.WriteString("kind", sink.Kind);
        writer.WriteString("namespace", sink.Metadata.Namespace);
        writer.WriteString("name", name);
        writer.WriteString("uid", sink.Metadata.Uid);
        writer.WriteString("resourceVersion", sink.Metadata.ResourceVersion);
        writer.WriteEndObject();
    });

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
