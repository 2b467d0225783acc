using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kollect.Shell.Kubernetes;

/// <summary>A <c>coordination.k8s.io/v1</c> Lease as somebody left it.</summary>
/// <param name="Holder">Empty = nobody.</param>
/// <param name="RenewTime">As it is written, by the holder's clock; only ever compared with itself.</param>
/// <param name="Duration">How long it holds after a renewal.</param>
/// <param name="Transitions">How often it went from one holder to another.</param>
/// <param name="AcquireTime">As it is written.</param>
/// <param name="ResourceVersion">For optimistic concurrency.</param>
internal sealed record Lease(string Holder, string RenewTime, TimeSpan Duration, int Transitions, string AcquireTime, string ResourceVersion)
{
    /// <summary>The kind.</summary>
    public static readonly Resource Resource = new("coordination.k8s.io", "v1", "leases", Namespaced: true);

    /// <summary>May this candidate take it, or renew it?</summary>
    /// <param name="candidate">Who asks.</param>
    /// <param name="unchangedFor">Since when, by the candidate's own clock, it has looked like this: clocks of two nodes are never compared.</param>
    public bool IsOpenTo(string candidate, TimeSpan unchangedFor) => Holder.Length == 0 || Holder == candidate || unchangedFor > Duration;

    /// <summary>What it becomes when the candidate takes or renews it.</summary>
    public Lease TakenBy(string candidate, TimeSpan duration, DateTimeOffset now) => this with
    {
        Holder = candidate,
        RenewTime = Time(now),
        Duration = duration,
        AcquireTime = Holder == candidate ? AcquireTime : Time(now),
        Transitions = Holder == candidate || Holder.Length == 0 ? Transitions : Transitions + 1,
    };

    /// <summary>What it becomes when its holder lets it go: the next candidate need not wait.</summary>
    public Lease Released(DateTimeOffset now) => this with { Holder = "", RenewTime = Time(now), Duration = TimeSpan.FromSeconds(1) };

    /// <summary>One that nobody has taken yet.</summary>
    public static Lease Fresh { get; } = new("", "", TimeSpan.Zero, 0, "", "");

    /// <exception cref="KubernetesException">It is no Lease.</exception>
    public static Lease Read(byte[] json)
    {
        try
        {
            var root = JsonNode.Parse(json);
            var spec = root?["spec"];
            return new Lease(
                (string?)spec?["holderIdentity"] ?? "",
                (string?)spec?["renewTime"] ?? "",
                TimeSpan.FromSeconds((int?)spec?["leaseDurationSeconds"] ?? 0),
                (int?)spec?["leaseTransitions"] ?? 0,
                (string?)spec?["acquireTime"] ?? "",
                (string?)root?["metadata"]?["resourceVersion"] ?? "");
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or FormatException)
        {
            throw new KubernetesException(ApiError.Malformed, "the Lease of the leader election is damaged; delete it", inner: damaged);
        }
    }

    /// <summary>The body of a create or replace.</summary>
    public byte[] Write(ObjectName name)
    {
        var metadata = new JsonObject { ["name"] = name.Name, ["namespace"] = name.Namespace };
        if (ResourceVersion.Length > 0)
            metadata["resourceVersion"] = ResourceVersion;
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(new JsonObject
        {
            ["apiVersion"] = Resource.ApiVersion,
            ["kind"] = "Lease",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["holderIdentity"] = Holder,
                ["leaseDurationSeconds"] = (int)Math.Ceiling(Duration.TotalSeconds),
                ["acquireTime"] = AcquireTime.Length == 0 ? null : AcquireTime,
                ["renewTime"] = RenewTime,
                ["leaseTransitions"] = Transitions,
            },
        });
    }

    private static string Time(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
