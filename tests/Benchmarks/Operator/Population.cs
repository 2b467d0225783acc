using System.Text;
using System.Text.Json;
using Kollect.Tests.Support;

namespace Kollect.Benchmarks.Operator;

/// <summary>An object of the cluster, as the API server is to store it, and the row that it becomes.</summary>
/// <param name="Json">One line.</param>
/// <param name="Target">Name of the target that collects it.</param>
/// <param name="Version">Its label <c>app.kubernetes.io/version</c>, which differs in each revision.</param>
internal sealed record ClusterObject(string Json, string Target, string Uid, string Version);

/// <summary>The objects of a cluster: six kinds, alternating.</summary>
internal sealed class Population(int count)
{
    /// <summary>The objects that the churn creates and deletes.</summary>
    private const string Churned = "Pod";

    /// <summary>The label, from the payload of a row.</summary>
    public const string VersionOfPayload = "payload #>> '{attributes,resource,metadata,labels,app.kubernetes.io/version}'";

    public static readonly IReadOnlyList<(string Kind, string Target, string Group)> Kinds =
    [
        ("ConfigMap", "configmaps", ""),
        ("Deployment", "deployments", "apps"),
        ("Job", "jobs", "batch"),
        ("Pod", "pods", ""),
        ("Service", "services", ""),
        ("ServiceAccount", "serviceaccounts", ""),
    ];

    private readonly Random random = new(1);
    private int revision;
    private int deleted;
    private int created;

    public int Count => count;

    /// <summary>All objects as they are at first.</summary>
    public IEnumerable<string> All => ClusterObjects.Mixed(count);

    /// <summary>Mean size of an object, over the first thousand.</summary>
    public double MeanBytes => ClusterObjects.Mixed(1_000).Average(Encoding.UTF8.GetByteCount);

    /// <summary>A new revision of some object that the churn has not deleted.</summary>
    public ClusterObject Change()
    {
        revision++;
        return At(random.Next(count), revision);
    }

    /// <summary>A new revision of the first objects, as many as given.</summary>
    public IReadOnlyList<ClusterObject> ChangeMany(int many)
    {
        revision++;
        return [.. Enumerable.Range(0, Math.Min(many, count)).Select(index => At(index, revision))];
    }

    /// <summary>An object that has not been there.</summary>
    public ClusterObject Create() => Of(Churned, (count / Kinds.Count) + 1 + created++, revision: 0);

    /// <summary>The oldest object of the churned kind.</summary>
    public ClusterObject Delete() => Of(Churned, deleted++, revision: 0);

    private static ClusterObject At(int index, int revision) => Of(Kinds[index % Kinds.Count].Kind, index / Kinds.Count, revision);

    private static ClusterObject Of(string kind, int index, int revision)
    {
        var json = ClusterObjects.Of(kind, index + 1, revision: revision).ElementAt(index);
        using var document = JsonDocument.Parse(json);
        var metadata = document.RootElement.GetProperty("metadata");
        return new ClusterObject(
            json,
            Kinds.Single(it => it.Kind == kind).Target,
            metadata.GetProperty("uid").GetString()!,
            metadata.GetProperty("labels").GetProperty("app.kubernetes.io/version").GetString()!);
    }
}
