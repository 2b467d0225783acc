using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Core.Kubernetes;

namespace Kollect.Shell.Kubernetes;

/// <summary>A Lease as the API server holds it.</summary>
/// <param name="Lease">What the election reads of it.</param>
/// <param name="Json">All of it: labels and fields that others wrote stay when it is replaced. Null = it is not there yet.</param>
internal sealed record StoredLease(Lease Lease, JsonObject? Json)
{
    /// <summary>The kind.</summary>
    public static readonly Resource Resource = new("coordination.k8s.io", "v1", "leases", Namespaced: true);

    /// <summary>None is there.</summary>
    public static StoredLease Absent { get; } = new(Lease.New, null);

    /// <exception cref="KubernetesException">It is no Lease.</exception>
    public static StoredLease Read(byte[] json)
    {
        try
        {
            var root = JsonNode.Parse(json)!.AsObject();
            var spec = root["spec"]?.AsObject();
            var lease = new Lease(
                (string?)spec?["holderIdentity"] ?? "",
                (string?)spec?["renewTime"] is { } renewed ? renewed : None,
                (string?)spec?["acquireTime"] is { } acquired ? acquired : None,
                TimeSpan.FromSeconds((int?)spec?["leaseDurationSeconds"] ?? 0),
                (int?)spec?["leaseTransitions"] ?? 0);
            return new StoredLease(lease, root);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or FormatException or NullReferenceException)
        {
            throw new KubernetesException(ApiError.Malformed, "the Lease of the leader election is damaged; delete it", inner: damaged);
        }
    }

    /// <summary>The body that turns this one into another, or creates it; refused by the server if somebody has written meanwhile.</summary>
    public byte[] With(Lease lease, ObjectName name)
    {
        var root = Json?.DeepClone().AsObject() ?? new JsonObject
        {
            ["apiVersion"] = Resource.ApiVersion,
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject { ["name"] = name.Name, ["namespace"] = name.Namespace },
        };
        if (root["spec"] is not JsonObject spec)
            root["spec"] = spec = [];
        spec["holderIdentity"] = lease.Holder;
        spec["leaseDurationSeconds"] = (int)Math.Ceiling(lease.Duration.TotalSeconds);
        lease.RenewTime.IfSome(it => spec["renewTime"] = it);
        lease.AcquireTime.IfSome(it => spec["acquireTime"] = it);
        spec["leaseTransitions"] = lease.Transitions;
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(root);
    }

    /// <summary>As the API server writes a MicroTime.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
