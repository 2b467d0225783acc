using System.Diagnostics;

namespace Kollect.Core.Failures;

/// <summary>Messages of failures, in one form for all backends: <c>stage: error — remedy</c>.</summary>
public static class FailureLine
{
    /// <summary>Expects texts that are already redacted.</summary>
    public static string Of(Stage stage, string said, string remedy) => $"{Words(stage)}: {said} — {remedy}";

    private const int MaxCharacters = 500;

    /// <summary>Joins the lines of a server's message and truncates it to 500 characters, because a server may repeat a whole command.</summary>
    public static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxCharacters ? line : line[..MaxCharacters] + " …";
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
