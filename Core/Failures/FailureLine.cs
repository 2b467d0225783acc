using System.Diagnostics;

namespace Kollect.Core.Failures;

/// <summary>One shape for every failure of every backend: <c>stage: what was said — what to do</c>.</summary>
public static class FailureLine
{
    /// <summary>Both texts are redacted already.</summary>
    public static string Of(Stage stage, string said, string remedy) => $"{Words(stage)}: {said} — {remedy}";

    private const int MostCharacters = 500;

    /// <summary>Other people's words without their line breaks, and no more of them than a person reads: a server may repeat a whole command.</summary>
    public static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostCharacters ? line : line[..MostCharacters] + " …";
    }

    private static string Words(Stage stage) => stage switch
    {
        Stage.Connect => "connect",
        Stage.Options => "options",
        Stage.Preflight => "preflight",
        Stage.Provision => "provision",
        Stage.Export => "export",
        Stage.Commit => "commit",
        _ => throw new UnreachableException(),
    };
}
