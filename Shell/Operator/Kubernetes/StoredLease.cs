using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Kollect.Core.Kubernetes;

namespace Kollect.Operator.Kubernetes;

/// <summary>A Lease as stored by the API server.</summary>
/// <param name="Lease">The fields that the election uses.</param>
/// <param name="Json">The whole object, so that a replace keeps the labels and fields of other writers. Null = the Lease does not exist yet.</param>
internal sealed record StoredLease(Lease Lease, JsonObject? Json)
{
    /// <summary>The annotation by which a candidate requests the Lease of its holder. Every write of the holder removes it.</summary>
    private const string RequestedBy = "kollect.dev/requested-by";

    public static readonly Resource Resource = new("coordination.k8s.io", "v1", "leases", Namespaced: true);

    /// <summary>The Lease does not exist yet.</summary>
    public static StoredLease Absent { get; } = new(Lease.New, null);

    /// <exception cref="ApiException">The text is not a Lease.</exception>
    public static StoredLease Read(byte[] json)
    {
        try
        {
            if (!Utf8.IsValid(json)) // a tree finds wrong bytes only where they are used, and then throws
                throw new FormatException("no UTF-8 text");
            var root = JsonNode.Parse(json, documentOptions: JsonDepth.Tree)!.AsObject();
            _ = root.ToJsonString(); // half a surrogate pair is found only where it is written
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
            throw new ApiException(ApiError.Malformed, "the Lease of the leader election is damaged; delete it", inner: damaged);
        }
    }

    /// <summary>The candidate that has requested the Lease of its holder; empty = none has.</summary>
    public string Request => Annotations(Json)?[RequestedBy] is JsonValue value && value.TryGetValue<string>(out var candidate) ? candidate : "";

    /// <summary>The body that requests this Lease, which exists, of its holder.</summary>
    public byte[] RequestedFor(string candidate)
    {
        var root = Json!.DeepClone().AsObject();
        if (Annotations(root) is null)
            root["metadata"]!["annotations"] = new JsonObject();
        Annotations(root)![RequestedBy] = candidate;
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(root);
    }

    /// <summary>The body that replaces this Lease by another, or creates it. The server refuses it where another writer changed the Lease meanwhile.</summary>
    public byte[] With(Lease lease, ObjectName name)
    {
        var root = Json?.DeepClone().AsObject() ?? new JsonObject
        {
            ["apiVersion"] = Resource.ApiVersion,
            ["kind"] = "Lease",
            ["metadata"] = new JsonObject { ["name"] = name.Name, ["namespace"] = name.Namespace },
        };
        Annotations(root)?.Remove(RequestedBy);
        if (root["spec"] is not JsonObject spec)
            root["spec"] = spec = [];
        spec["holderIdentity"] = lease.Holder;
        spec["leaseDurationSeconds"] = (int)Math.Ceiling(lease.Duration.TotalSeconds);
        lease.RenewTime.IfSome(it => spec["renewTime"] = it);
        lease.AcquireTime.IfSome(it => spec["acquireTime"] = it);
        spec["leaseTransitions"] = lease.Transitions;
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(root);
    }

    private static JsonObject? Annotations(JsonObject? root) => (root?["metadata"] as JsonObject)?["annotations"] as JsonObject;

    /// <summary>A time in the API's MicroTime format.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
