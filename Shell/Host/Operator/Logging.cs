using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Kollect.Host.Operator;

/// <summary>Configures the log of the operator.</summary>
internal static class Logging
{
    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Logs structured lines on standard output.</summary>
    /// <param name="format"><c>json</c> or <c>console</c>.</param>
    /// <param name="level"><c>debug</c>, <c>info</c>, <c>warning</c> or <c>error</c>.</param>
    public static void AddKollect(this ILoggingBuilder builder, string format, string level)
    {
        builder.SetMinimumLevel(level switch
        {
            "debug" => LogLevel.Debug,
            "warning" => LogLevel.Warning,
            "error" => LogLevel.Error,
            _ => LogLevel.Information,
        });
        // Frameworks log warnings and errors only.
        builder.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        if (format == "json")
            builder.AddJsonConsole(options =>
            {
                (options.TimestampFormat, options.UseUtcTimestamp) = (Timestamp, true);
                // The lines are not embedded in HTML, so + and < need no escape.
                options.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        else
            builder.AddSimpleConsole(options =>
            {
                (options.TimestampFormat, options.UseUtcTimestamp) = (Timestamp + "' '", true);
                options.SingleLine = true;
                options.ColorBehavior = LoggerColorBehavior.Disabled; // an escape sequence is no text
            });
    }
}
