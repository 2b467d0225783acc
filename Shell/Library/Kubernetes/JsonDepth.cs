using System.Text.Json;

namespace Kollect.Shell.Kubernetes;

/// <summary>How deep an object may be nested: the API server takes far more than the 64 levels at which .NET gives up, and one deep object would spoil a whole list.</summary>
internal static class JsonDepth
{
    private const int Max = 10_000; // where Go's encoding/json gives up, and with it the API server

    public static JsonDocumentOptions Document { get; } = new() { MaxDepth = Max };

    public static JsonReaderOptions Reader { get; } = new() { MaxDepth = Max };
}
