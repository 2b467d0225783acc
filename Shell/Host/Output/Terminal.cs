using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Host.Commands;

namespace Kollect.Host.Output;

/// <summary>Prints results to standard output, and everything else to standard error.</summary>
internal static class Terminal
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // SQL stays readable; the output is not embedded in HTML
    };

    /// <summary>From now on no hidden character reaches the terminal or the log, whatever is printed: see <see cref="PlainWriter"/>.</summary>
    public static void Guard()
    {
        Console.SetOut(new PlainWriter(Console.Out));
        Console.SetError(new PlainWriter(Console.Error));
    }

    public static void Write(OutputFormat format, Func<JsonNode> json, Func<IEnumerable<string>> text) =>
        Write(format, json, () => text().Select(it => (TextLine)it));

    public static void Write(OutputFormat format, Func<JsonNode> json, Func<IEnumerable<TextLine>> text)
    {
        if (format == OutputFormat.Json)
            Console.WriteLine(json().ToJsonString(Readable));
        else
            foreach (var line in text())
                line.Write();
    }

    /// <summary>Prints why a command cannot start.</summary>
    public static int Refuse(OutputFormat format, Seq<string> reasons) => Fail(format, "Refused", ExitCode.Refused, reasons);

    /// <summary>Prints why a command did not do its work, to standard error; for programs also as a document.</summary>
    /// <param name="reason">As in <see cref="Document.Error"/>.</param>
    /// <param name="hint">A last line for people.</param>
    public static int Fail(OutputFormat format, string reason, int exitCode, Seq<string> messages, string? hint = null)
    {
        foreach (var message in messages)
            Error(message);
        if (hint is not null)
            Console.Error.WriteLine(hint);
        if (format == OutputFormat.Json)
            Console.WriteLine(Document.Error(reason, exitCode, messages).ToJsonString(Readable));
        return exitCode;
    }

    public static void Error(string line) => Console.Error.WriteLine($"kollect: {line}");
}
