namespace Kollect.Tests.Support;

/// <summary>A project that tests may create datasets in.</summary>
/// <param name="KeyFile">Path of a service account's key; it may create datasets and run jobs.</param>
/// <param name="Endpoint">Base URL without a path.</param>
internal sealed record BigQueryProject(string Name, string KeyFile, string Endpoint)
{
    private const string Google = "https://bigquery.googleapis.com";

    /// <summary>Reads <c>project:/path/key.json</c>, or <c>project:/path/key.json@https://endpoint</c>.</summary>
    public static BigQueryProject Parse(string text)
    {
        var at = text.LastIndexOf("@http", StringComparison.Ordinal);
        var (location, endpoint) = at < 0 ? (text, Google) : (text[..at], text[(at + 1)..]);
        if (location.Split(':', 2) is not [{ Length: > 0 } project, { Length: > 0 } keyFile])
            throw new FormatException("it is not of the form project:/path/key.json");
        return File.Exists(keyFile)
            ? new(project, Path.GetFullPath(keyFile), endpoint.TrimEnd('/'))
            : throw new FileNotFoundException($"there is no key file {keyFile}");
    }
}
