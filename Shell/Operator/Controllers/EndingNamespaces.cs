using System.Text.Json;
using Kollect.Operator.Kubernetes;

namespace Kollect.Operator.Controllers;

/// <summary>Reads which namespaces are being deleted; the operator asks only about objects that are being deleted themselves.</summary>
internal sealed class EndingNamespaces(IKubernetesApi api)
{
    private static readonly Resource Namespaces = new("", "v1", "namespaces", Namespaced: false);

    /// <summary>Those of the given names that are being deleted, or do not exist. One that cannot be read is not among them: that is only slower.</summary>
    public async Task<Seq<string>> AmongAsync(Seq<string> names, CancellationToken cancel)
    {
        var ending = new List<string>();
        foreach (var name in names)
            if (await IsEndingAsync(name, cancel))
                ending.Add(name);
        return ending.ToArray().ToSeq();
    }

    private async Task<bool> IsEndingAsync(string name, CancellationToken cancel)
    {
        try
        {
            return await api.GetAsync(Namespaces, new ObjectName("", name), cancel) is not { } json || IsEnding(json);
        }
        catch (ApiException)
        {
            return false;
        }
    }

    private static bool IsEnding(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("metadata", out var metadata)
            && metadata.TryGetProperty("deletionTimestamp", out var time) && time.ValueKind != JsonValueKind.Null;
    }
}
