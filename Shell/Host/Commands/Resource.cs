namespace Kollect.Host.Commands;

/// <summary>The texts that are compiled into the program.</summary>
internal static class Resource
{
    public static string Read(string name)
    {
        using var text = new StreamReader(
            typeof(Resource).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded"));
        return text.ReadToEnd();
    }
}
