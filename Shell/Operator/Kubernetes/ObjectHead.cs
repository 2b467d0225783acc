using System.Text.Json;

namespace Kollect.Operator.Kubernetes;

/// <summary>The metadata that every object has, read without parsing the rest.</summary>
/// <param name="Uid">Distinguishes this object from earlier and later ones of the same name.</param>
/// <param name="ResourceVersion">Version of this state; empty = none was given.</param>
internal sealed record ObjectHead(ObjectName Name, string Uid, string ResourceVersion)
{
    /// <exception cref="ApiException">The text is not an object, or has no name.</exception>
    public static ObjectHead Of(ReadOnlySpan<byte> json)
    {
        string name = "", ns = "", uid = "", version = "";
        try
        {
            var reader = new Utf8JsonReader(json, JsonDepth.Reader);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMetadata = reader.ValueTextEquals("metadata"u8);
                reader.Read();
                if (!isMetadata || reader.TokenType != JsonTokenType.StartObject)
                {
                    reader.Skip();
                    continue;
                }

                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var field = reader.GetString();
                    reader.Read();
                    switch (field)
                    {
                        case "name": name = reader.GetString() ?? ""; break;
                        case "namespace": ns = reader.GetString() ?? ""; break;
                        case "uid": uid = reader.GetString() ?? ""; break;
                        case "resourceVersion": version = reader.GetString() ?? ""; break;
                        default: reader.Skip(); break;
                    }
                }

                break;
            }
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            throw new ApiException(ApiError.Malformed, "the API server gave something that is no object", inner: damaged);
        }

        return name.Length > 0
            ? new ObjectHead(new ObjectName(ns, name), uid, version)
            : throw new ApiException(ApiError.Malformed, "the API server gave an object without a name");
    }
}
