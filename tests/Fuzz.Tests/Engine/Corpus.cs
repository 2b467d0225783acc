namespace Kollect.Fuzz.Tests.Engine;

/// <summary>The files of a target, in the order of their names.</summary>
internal static class Corpus
{
    /// <summary>The valid inputs that mutations begin with.</summary>
    public static IReadOnlyList<byte[]> Seeds(FuzzTarget target) => [.. Files("Corpus", target.Name).Select(File.ReadAllBytes)];

    /// <summary>Inputs that once broke a rule.</summary>
    public static IReadOnlyList<string> Found(FuzzTarget target) => Files("Found", target.Name);

    private static string[] Files(string kind, string target) =>
        Repository.At($"tests/Fuzz.Tests/{kind}/{target}") is var folder && Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)]
            : [];
}
