using System.Globalization;
using System.Reflection;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Tests.Telemetry;

/// <summary>The event ids of all log messages in the library and in the program.</summary>
public sealed class LogEventsTests
{
    private const BindingFlags Declared =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly LoggerMessageAttribute[] Messages =
    [
        .. new[] { typeof(LogEvents).Assembly, Assembly.Load("kollect") }
            .SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(Declared))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(message => message.EventId),
    ];

    [Fact]
    public void Every_message_has_an_id_and_every_id_one_message()
    {
        var ids = typeof(LogEvents).GetFields(BindingFlags.Static | BindingFlags.Public)
            .Select(field => ((int)field.GetRawConstantValue()!, (string?)field.Name))
            .Order();
        Assert.Equal(ids, Messages.Select(message => (message.EventId, message.EventName)));
        Assert.Distinct(Messages.Select(message => message.EventId));
        Assert.DoesNotContain(Messages, message => message.EventId == 0);
    }

    [Fact]
    public void The_messages_are_those_of_the_golden() => Golden.Verify(
        string.Join('\n', Messages.Select(message => string.Create(
            CultureInfo.InvariantCulture,
            $"{message.EventId} {message.EventName} {message.Level}\n    {message.Message.Replace("\n", "\\n", StringComparison.Ordinal)}"))),
        "telemetry/log-events.txt");
}
