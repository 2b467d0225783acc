using Kollect.Models;

namespace Kollect.Core.Kubernetes;

/// <summary>The fields that requests to the API server need to name an object.</summary>
/// <param name="ApiVersion">E.g. <c>kollect.dev/v1alpha1</c>.</param>
/// <param name="Kind">E.g. <c>KollectDatabaseSink</c>.</param>
internal sealed record ObjectIdentity(string ApiVersion, string Kind, ObjectMeta Metadata)
{
    /// <summary>The namespace of events about cluster-scoped objects, as in client-go.</summary>
    private const string EventsOfTheCluster = "default";

    /// <summary>Empty = the object is cluster-scoped.</summary>
    public string Namespace => Metadata.Namespace ?? "";

    /// <summary>The object's name; empty = the metadata has none.</summary>
    public string Name => Metadata.Name ?? "";

    /// <summary>The namespace in which events about the object are created.</summary>
    public string EventNamespace => Namespace.Length > 0 ? Namespace : EventsOfTheCluster;

    /// <summary><c>KollectInventory shop/all</c>.</summary>
    public override string ToString() => Namespace.Length > 0 ? $"{Kind} {Namespace}/{Name}" : $"{Kind} {Name}";
}
