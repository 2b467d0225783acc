using System.Text.Json;

namespace Kollect.Core.Kubernetes;

/// <summary>
/// The consent of an object's owner that other namespaces use it: an annotation that lists these namespaces, separated by commas; <c>*</c> = all.
/// </summary>
internal static class GrantAnnotation
{
    /// <summary>True = the annotation lists the namespace.</summary>
    /// <param name="list">The value of the annotation; None = it is not set, and nobody is listed.</param>
    public static bool Lists(Option<string> list, string @namespace) => list.Exists(it =>
        it.Split(',', StringSplitOptions.TrimEntries).Any(item => item == "*" || string.Equals(item, @namespace, StringComparison.Ordinal)));

    // kubectl annotate secret dsn -n kollect-system kollect.dev/allowed-sink-namespaces=shop
    /// <summary>
    /// The command that sets the annotation. It has no <c>--overwrite</c>: where the annotation has a value already, kubectl shows it and changes nothing,
    /// so that no other namespace is lost, and only who may read the object learns of them.
    /// </summary>
    /// <param name="objects">As kubectl names them: <c>secret dsn -n kollect-system</c>.</param>
    public static string Command(string objects, string annotation, string @namespace) => $"kubectl annotate {objects} {annotation}={@namespace}";

    /// <summary>What to do where kubectl refuses <see cref="Command"/>.</summary>
    public static string Remedy(string @namespace) => $"if it has a value already, append ,{@namespace} to that by kubectl annotate --overwrite";

    /// <summary>The value of an annotation of an object as the API server sends it; None = it is not set, or the object is damaged.</summary>
    /// <param name="json">UTF-8. What follows the metadata is not read.</param>
    public static Option<string> Read(ReadOnlySpan<byte> json, string annotation)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && Enter(ref reader, "metadata") && Enter(ref reader, "annotations") && Find(ref reader, annotation)
                && reader.TokenType == JsonTokenType.String && reader.GetString() is { } value
                ? Some(value)
                : None;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return None;
        }
    }

    private static bool Enter(ref Utf8JsonReader reader, string field) => Find(ref reader, field) && reader.TokenType == JsonTokenType.StartObject;

    /// <summary>Moves from the start of an object to the value of a field; false = the object has no such field.</summary>
    private static bool Find(ref Utf8JsonReader reader, string field)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWanted = reader.ValueTextEquals(field);
            reader.Read();
            if (isWanted)
                return true;
            reader.Skip();
        }

        return false;
    }
}
