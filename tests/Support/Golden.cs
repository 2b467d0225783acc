using Xunit;

namespace Kollect.Tests.Support;

/// <summary>
/// Golden files under <c>snapshots/</c>: texts that are reviewed before they reach a production database; and the pages under <c>docs/reference/</c>,
/// which are generated from the code. <c>make snapshots</c> rewrites both; under CI a rewrite is refused.
/// </summary>
public static class Golden
{
    private static readonly HashSet<string> Noted = new(StringComparer.Ordinal);

    private static bool Rewrite => Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1";

    private static bool OnCi => Environment.GetEnvironmentVariable("CI") is { Length: > 0 };

    /// <summary>Compares <paramref name="text"/> with <c>snapshots/{name}</c>, byte for byte.</summary>
    public static void Verify(string text, string name) => VerifyFile(text, "snapshots/" + name);

    /// <summary>Compares <paramref name="text"/> with <c>docs/reference/{name}</c>, byte for byte.</summary>
    public static void VerifyPage(string text, string name) => VerifyFile(text, "docs/reference/" + name);

    private static void VerifyFile(string text, string name)
    {
        Note(name);
        var path = Repository.At(name);
        var actual = text.EndsWith('\n') ? text : text + "\n";
        if (Rewrite)
        {
            if (OnCi)
                Assert.Fail("snapshots are not rewritten under CI: run `make snapshots` and read the diff");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{name} is missing: run `make snapshots` and read it");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    /// <summary>Records the name, so that <c>scripts/orphan-goldens</c> finds the files that no test verified.</summary>
    private static void Note(string name)
    {
        lock (Noted)
        {
            if (!Noted.Add(name))
                return;
            Directory.CreateDirectory(Repository.At("artifacts/goldens"));
            File.AppendAllText(Repository.At($"artifacts/goldens/{Environment.ProcessId}.txt"), name + "\n");
        }
    }
}
