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

    public static void Write(OutputFormat format, Func<JsonNode> json, Func<IEnumerable<string>> text)
    {
        if (format == OutputFormat.Json)
            Console.WriteLine(json().ToJsonString(Readable));
        else
            foreach (var line in text())
                Console.WriteLine(line);
    }

    /// <summary>Prints why a command cannot start.</summary>
    public static int Refuse(Seq<string> reasons)
    {
        foreach (var reason in reasons)
            Error(reason);
        return ExitCode.Refused;
    }

    public static void Error(string line) => Console.Error.WriteLine($"kollect: {line}");
}
