using System.Globalization;

namespace Kollect.Operator.Kubernetes;

/// <summary>Paths of the API server, relative to its address.</summary>
internal static class Paths
{
    // apis/kollect.dev/v1alpha1
    public static string GroupVersion(string group, string version) => group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";

    // apis/kollect.dev/v1alpha1/namespaces/shop/kollectdatabasesinks
    public static string All(Resource resource, string @namespace) =>
        GroupVersion(resource.Group, resource.Version)
        + (resource.Namespaced && @namespace.Length > 0 ? $"/namespaces/{Segment(@namespace)}" : "")
        + $"/{resource.Plural}";

    // …/kollectdatabasesinks/inventory/status
    public static string Of(Resource resource, ObjectName name, string? subresource = null) =>
        $"{All(resource, name.Namespace)}/{Segment(name.Name)}" + (subresource is null ? "" : $"/{subresource}");

    public static string List(Resource resource, Selection selection, int limit, string? next) =>
        All(resource, selection.Namespace)
        + Query(selection, ("limit", limit.ToString(CultureInfo.InvariantCulture)), ("continue", next ?? ""));

    public static string Watch(Resource resource, Selection selection, string resourceVersion, int seconds) =>
        All(resource, selection.Namespace)
        + Query(
            selection,
            ("watch", "true"),
            ("allowWatchBookmarks", "true"),
            ("resourceVersion", resourceVersion),
            ("timeoutSeconds", seconds.ToString(CultureInfo.InvariantCulture)));

    // An empty name would request the list, and dots a parent path: no object has such a name.
    private static string Segment(string name) => name is "" or "." or ".."
        ? throw new ApiException(ApiError.NotFound, $"\"{name}\" is no name of an object")
        : Uri.EscapeDataString(name);

    private static string Query(Selection selection, params IEnumerable<(string Name, string Value)> parameters) =>
        "?" + string.Join('&', parameters
            .Append(("labelSelector", selection.LabelSelector))
            .Append(("fieldSelector", selection.FieldSelector))
            .Where(parameter => parameter.Item2.Length > 0)
            .Select(parameter => $"{parameter.Item1}={Uri.EscapeDataString(parameter.Item2)}"));
}
