using System.Text.Json;

namespace Kollect.Operator.Kubernetes;

/// <summary>
/// Nesting limit for objects. The API server accepts far more than the 64 levels that .NET accepts by default, and one deep object would make a whole
/// list unreadable.
/// </summary>
internal static class JsonDepth
{
    private const int Max = 10_000; // the limit of Go's encoding/json, and so of the API server

    public static JsonDocumentOptions Document { get; } = new() { MaxDepth = Max };

    /// <summary>For <see cref="System.Text.Json.Nodes.JsonNode"/>, which finds equal keys only when they are used, and then throws.</summary>
    public static JsonDocumentOptions Tree { get; } = new() { AllowDuplicateProperties = false };

    public static JsonReaderOptions Reader { get; } = new() { MaxDepth = Max };
}
