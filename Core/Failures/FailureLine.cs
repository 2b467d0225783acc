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

/// <summary>One line of a backend's error table.</summary>
/// <param name="Code">The server's code: a SQLSTATE or a class of SQLSTATEs, a number, a reason.</param>
/// <param name="Name">The name of the error in the server's manual.</param>
/// <param name="After">The wait before a retry; None = a retry cannot succeed.</param>
/// <param name="Remedy">The action that resolves the error.</param>
public sealed record ErrorEntry(string Code, string Name, Option<TimeSpan> After, string Remedy)
{
    /// <summary>An error for which a retry cannot succeed.</summary>
    public static ErrorEntry Refuse(string code, string name, string remedy) => new(code, name, None, remedy);

    /// <summary>An error for which a retry after a wait may succeed.</summary>
    public static ErrorEntry Try(string code, string name, TimeSpan after, string remedy) => new(code, name, after, remedy);
}
