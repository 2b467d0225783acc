namespace Kollect.Host.Commands;

/// <summary>The texts that are compiled into the program.</summary>
internal static class Resource
{
    public static async Task<string> ReadAsync(string name, CancellationToken cancel)
    {
        await using var resource = typeof(Resource).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource);
        return await reader.ReadToEndAsync(cancel);
    }
}
