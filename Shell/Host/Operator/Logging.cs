using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Kollect.Host.Operator;

/// <summary>What the operator logs, and how.</summary>
internal static class Logging
{
    private const string Timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Structured lines on standard output.</summary>
    /// <param name="builder">Of the host.</param>
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
        // The frameworks' own words only where something is wrong.
        builder.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        if (format == "json")
            builder.AddJsonConsole(options =>
            {
                (options.TimestampFormat, options.UseUtcTimestamp) = (Timestamp, true);
                // Read by programs that know JSON, not pasted into HTML: a plus sign may stay one.
                options.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            });
        else
            builder.AddSimpleConsole(options =>
            {
                (options.TimestampFormat, options.UseUtcTimestamp) = (Timestamp + "' '", true);
                options.SingleLine = true;
            });
    }
}
