using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Kollect.Host.Output;

/// <summary>What the program was built from, and what runs it.</summary>
/// <param name="Version"><c>0.1.0</c></param>
/// <param name="Commit">None = it was built outside of a git checkout, and nobody gave the build a SourceRevisionId.</param>
/// <param name="Runtime"><c>.NET 10.0.1</c></param>
/// <param name="Platform"><c>linux-x64</c></param>
internal sealed record ProgramVersion(string Version, Option<string> Commit, string Runtime, string Platform)
{
    public static ProgramVersion Current { get; } = Read(
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "");

    // kollect 0.1.0 (commit 09e91ef37a5c, .NET 10.0.1, linux-x64)
    public override string ToString() =>
        $"kollect {Version} (commit {Commit.Match(it => it[..Math.Min(12, it.Length)], () => "unknown")}, {Runtime}, {Platform})";

    public JsonObject Json()
    {
        var json = Document.Of("Version");
        json["version"] = Version;
        json["commit"] = Commit.MatchUnsafe<string?>(it => it, () => null);
        json["runtime"] = Runtime;
        json["platform"] = Platform;
        return json;
    }

    /// <param name="informational">The SDK appends the commit to the version: <c>0.1.0+09e91ef3…</c>.</param>
    private static ProgramVersion Read(string informational)
    {
        var parts = informational.Split('+', 2);
        return new ProgramVersion(
            parts[0], parts is [_, { Length: > 0 } commit] ? commit : None, RuntimeInformation.FrameworkDescription, RuntimeInformation.RuntimeIdentifier);
    }
}
