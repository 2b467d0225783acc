using System.Net;
using System.Text;
using System.Text.Json;
using Kollect.Fuzz.Tests.Engine;
using Kollect.Operator.Kubernetes;

namespace Kollect.Fuzz.Tests.Targets;

/// <summary>Other answers of the API server: lists, discovery, errors, and the Lease of the leader election.</summary>
internal sealed class ApiAnswerTarget() : FuzzTarget("api-answers")
{
    public override InputForm Form => InputForm.Json;

    public override IReadOnlyList<string> Tokens =>
    [
        "apiVersion", "kind", "metadata", "items", "continue", "resourceVersion", "List", "DeploymentList", "resources", "name", "namespaced",
        "verbs", "list", "watch",
        "deployments/status", "Status", "reason", "message", "details", "causes", "NamespaceTerminating", "spec", "holderIdentity", "renewTime",
        "acquireTime",
        "leaseDurationSeconds", "leaseTransitions",
    ];

    public override string Run(byte[] input)
    {
        var error = ApiErrors.Of(HttpStatusCode.Conflict, null, input, default);
        var result = string.Join('\n', Answered(() => Listed(input)), Answered(() => Discovered(input)), Answered(() => Leased(input)), error.Message);
        Messages.AreVisible([error.Message]);
        return result;
    }

    private static string Answered(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (ApiException refused) when (refused.Kind == ApiError.Malformed)
        {
            return refused.Message;
        }
    }

    private static string Listed(byte[] input)
    {
        var cut = Answered(() => Shown(Read(new CutStream(input))));
        Assert.Equal(cut, Answered(() => Shown(Read(new MemoryStream(input)))));
        var (page, next) = Read(new MemoryStream(input));
        using (var json = JsonDocument.Parse(input, new JsonDocumentOptions { MaxDepth = 10_000 }))
        {
            var items = json.RootElement.GetProperty("items");
            Assert.Equal(items.ValueKind == JsonValueKind.Null ? 0 : items.GetArrayLength(), page.Items.Count);
        }

        foreach (var item in page.Items)
            JsonDocument.Parse(item, new JsonDocumentOptions { MaxDepth = 10_000 }).Dispose();
        return Shown((page, next));
    }

    private static string Shown((ListPage Page, string? Next) list) =>
        string.Join('\n', list.Page.Items.Select(Encoding.UTF8.GetString).Append(list.Page.ResourceVersion).Append(list.Next));

    private static (ListPage Page, string? Next) Read(Stream input) => ListReader.ReadAsync(input, 1 << 20, CancellationToken.None).GetAwaiter().GetResult();

    private static string Discovered(byte[] input) =>
        string.Join('\n', Discovery.Read("apps", "v1", input).Select(it => $"{it.Kind} {it.Resource} {string.Join(',', it.Verbs)}"));

    /// <summary>A Lease that was read can be written and read again.</summary>
    private static string Leased(byte[] input)
    {
        var stored = StoredLease.Read(input);
        var held = stored.Lease.HeldBy("pod-1", TimeSpan.FromSeconds(15), "2026-11-23T08:30:00.000000Z");
        var again = StoredLease.Read(stored.With(held, new ObjectName("kollect-system", "kollect")));
        Assert.Equal(held, again.Lease);
        return $"{stored.Lease} {stored.Lease.MoveOf("pod-1", TimeSpan.FromSeconds(1))}";
    }

    /// <summary>Ends each read within a value.</summary>
    private sealed class CutStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(13, buffer.Length)], cancellationToken);
    }
}
