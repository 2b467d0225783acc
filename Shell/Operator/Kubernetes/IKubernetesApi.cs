namespace Kollect.Operator.Kubernetes;

/// <summary>
/// The API server; objects are UTF-8 JSON. Every method throws a <see cref="ApiException"/> when the server refuses the request, or when it
/// cannot be reached after a few attempts.
/// </summary>
internal interface IKubernetesApi
{
    /// <summary>Reads one object; null = it does not exist (404).</summary>
    Task<byte[]?> GetAsync(Resource resource, ObjectName name, CancellationToken cancel);

    /// <summary>Lists all objects of one moment, page by page.</summary>
    IAsyncEnumerable<ListPage> ListAsync(Resource resource, Selection selection, CancellationToken cancel);

    /// <summary>
    /// Watches the changes after <paramref name="resourceVersion"/>. Ends when the server closes the watch; <see cref="ApiError.Gone"/> = a new list is
    /// required.
    /// </summary>
    IAsyncEnumerable<WatchEvent> WatchAsync(Resource resource, Selection selection, string resourceVersion, CancellationToken cancel);

    /// <summary>
    /// Server-side apply as field manager <c>kollect</c>, with force: the server removes the fields that this manager applied before and omits now.
    /// </summary>
    /// <param name="subresource">E.g. <c>status</c>; null = the object itself.</param>
    /// <returns>The object as stored.</returns>
    Task<byte[]> ApplyAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>JSON merge patch (RFC 7386). Parameters and result as <see cref="ApplyAsync"/>.</summary>
    Task<byte[]> MergePatchAsync(Resource resource, ObjectName name, string? subresource, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>Creates an object; <see cref="ApiError.AlreadyExists"/> where one of the name exists.</summary>
    Task<byte[]> CreateAsync(Resource resource, string @namespace, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>Replaces an object whose resourceVersion is the body's, else <see cref="ApiError.Conflict"/>.</summary>
    Task<byte[]> ReplaceAsync(Resource resource, ObjectName name, ReadOnlyMemory<byte> body, CancellationToken cancel);

    /// <summary>Lists the kinds of one group and version; empty = the server does not serve it.</summary>
    Task<IReadOnlyList<DiscoveredResource>> DiscoverAsync(string group, string version, CancellationToken cancel);
}

/// <summary>One page of a list.</summary>
/// <param name="ResourceVersion">Version of the whole list; a watch starts from it.</param>
/// <param name="Items">Each with apiVersion and kind.</param>
internal sealed record ListPage(string ResourceVersion, IReadOnlyList<byte[]> Items);

/// <summary>One line of a watch. Closed.</summary>
internal abstract record WatchEvent
{
    private WatchEvent() { }

    /// <summary>The object was added or modified.</summary>
    public sealed record Seen(byte[] Object) : WatchEvent;

    /// <summary>The object was deleted, or is no longer selected; carries its last state.</summary>
    public sealed record Deleted(byte[] Object) : WatchEvent;

    /// <summary>No change happened up to this version.</summary>
    public sealed record Bookmark(string ResourceVersion) : WatchEvent;
}

/// <summary>A kind that the server serves.</summary>
/// <param name="Kind">CamelCase, e.g. <c>Deployment</c>.</param>
/// <param name="Resource">The kind as API paths name it.</param>
/// <param name="Verbs">E.g. <c>list</c>, <c>watch</c>.</param>
internal sealed record DiscoveredResource(string Kind, Resource Resource, IReadOnlyList<string> Verbs);
