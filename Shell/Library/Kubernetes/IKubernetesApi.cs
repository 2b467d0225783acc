namespace Kollect.Shell.Kubernetes;

/// <summary>
/// The API server, objects as UTF-8 JSON. What it refuses, and what cannot be reached after a few attempts, is a <see cref="KubernetesException"/>.
/// </summary>
public interface IKubernetesApi
{
    /// <summary>One object; null = there is none (404).</summary>
    Task<byte[]?> GetAsync(Resource resource, ObjectName name, CancellationToken cancel);

    /// <summary>All objects of one moment, in pages.</summary>
    IAsyncEnumerable<ListPage> ListAsync(Resource resource, Selection selection, CancellationToken cancel);

    /// <summary>What changes from <paramref name="resourceVersion"/> on. Ends when the server closes the watch; <see cref="ApiError.Gone"/> = list again.</summary>
    IAsyncEnumerable<WatchEvent> WatchAsync(Resource resource, Selection selection, string resourceVersion, CancellationToken cancel);

    /// <summary>Server-side apply as field manager <c>kollect</c>, by force: what this manager no longer names goes.</summary>
    /// <param name="resource">Which kind.</param>
    /// <param name="name">Which object.</param>
    /// <param name="subresource">E.g. <c>status</c>; null = the object itself.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The object as it stands now.</returns>
    Task<byte[]> ApplyAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>JSON merge patch (RFC 7386). Parameters and result as <see cref="ApplyAsync"/>.</summary>
    Task<byte[]> MergePatchAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>A new object; <see cref="ApiError.AlreadyExists"/> where there is one.</summary>
    Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>Replaces an object whose resourceVersion is the body's, else <see cref="ApiError.Conflict"/>.</summary>
    Task<byte[]> ReplaceAsync(Resource resource, ObjectName name, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>The kinds of one group and version; empty = the server does not serve it.</summary>
    Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(string group, string version, CancellationToken cancel);
}

/// <summary>A part of a list.</summary>
/// <param name="ResourceVersion">Of the whole list: where a watch begins.</param>
/// <param name="Items">Each with apiVersion and kind.</param>
public sealed record ListPage(string ResourceVersion, IReadOnlyList<byte[]> Items);

/// <summary>One line of a watch. Closed.</summary>
public abstract record WatchEvent
{
    private WatchEvent() { }

    /// <summary>Added or modified.</summary>
    public sealed record Seen(byte[] Object) : WatchEvent;

    /// <summary>Deleted, or no longer selected; its last state.</summary>
    public sealed record Deleted(byte[] Object) : WatchEvent;

    /// <summary>Nothing happened up to this version.</summary>
    public sealed record Bookmark(string ResourceVersion) : WatchEvent;
}

/// <summary>A kind that the server serves.</summary>
/// <param name="Kind">In CamelCase.</param>
/// <param name="Resource">How its paths name it.</param>
/// <param name="Verbs">E.g. <c>list</c>, <c>watch</c>.</param>
public sealed record DiscoveredResource(string Kind, Resource Resource, IReadOnlyList<string> Verbs);
