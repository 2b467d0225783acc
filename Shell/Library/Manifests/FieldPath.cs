namespace Kollect.Shell.Manifests;

/// <summary>Splits a field path in the notation of Kubernetes: <c>spec.options[a.b].x[0]</c>.</summary>
internal static class FieldPath
{
    /// <summary>Keys and indices in order: <c>spec</c>, <c>options</c>, <c>a.b</c>, <c>x</c>, <c>0</c>.</summary>
    public static IEnumerable<string> Steps(string path)
    {
        for (var at = 0; at < path.Length;)
        {
            if (path[at] == '.')
            {
                at++;
                continue;
            }

            var (step, next) = path[at] == '[' ? Bracketed(path, at + 1) : Dotted(path, at);
            yield return step;
            at = next;
        }
    }

    private static (string Step, int Next) Dotted(string path, int from)
    {
        var length = path.AsSpan(from).IndexOfAny('.', '[');
        var end = length < 0 ? path.Length : from + length;
        return (path[from..end], end);
    }

    private static (string Step, int Next) Bracketed(string path, int from)
    {
        var length = path.AsSpan(from).IndexOf(']');
        var end = length < 0 ? path.Length : from + length;
        return (path[from..end].Trim('"'), Math.Min(end + 1, path.Length));
    }
}
