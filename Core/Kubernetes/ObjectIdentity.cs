using Kollect.Core.Models;

namespace Kollect.Core.Kubernetes;

/// <summary>One object as requests about it name it.</summary>
/// <param name="ApiVersion">E.g. <c>kollect.dev/v1alpha1</c>.</param>
/// <param name="Kind">E.g. <c>KollectDatabaseSink</c>.</param>
/// <param name="Metadata">As it was read.</param>
public sealed record ObjectIdentity(string ApiVersion, string Kind, ObjectMeta Metadata)
{
    /// <summary>Events about objects outside of namespaces are kept there (client-go does the same).</summary>
    private const string EventsOfTheCluster = "default";

    /// <summary>Empty = it stands outside of namespaces.</summary>
    public string Namespace => Metadata.Namespace ?? "";

    /// <summary>Its name.</summary>
    public string Name => Metadata.Name ?? "";

    /// <summary>Where events about it go.</summary>
    public string EventNamespace => Namespace.Length > 0 ? Namespace : EventsOfTheCluster;

    /// <summary><c>KollectInventory shop/all</c>.</summary>
    public override string ToString() => Namespace.Length > 0 ? $"{Kind} {Namespace}/{Name}" : $"{Kind} {Name}";
}
