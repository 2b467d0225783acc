using System.Diagnostics;
using Kollect.Core.Formatting;

namespace Kollect.Core.Failures;

/// <summary>Messages of failures, in one form for all backends: <c>stage: error — remedy</c>.</summary>
internal static class FailureLine
{
    /// <summary>Expects texts that are already redacted.</summary>
    public static string Of(Stage stage, string said, string remedy) => $"{Words(stage)}: {said} — {remedy}";

    private const int MaxCharacters = 500;

    /// <summary>
    /// A server's message on one line, without hidden characters and of at most 500 characters, because a server may repeat a whole command. It is
    /// redacted before: what is cut would not be recognized.
    /// </summary>
    public static string OneLine(string redacted)
    {
        var line = Shown.Plain(redacted);
        return line.Length <= MaxCharacters ? line : Shown.Cut(line, MaxCharacters + 1)[..^1] + " …";
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
