using Kollect.Core.Backends.Postgres;
using PostgresExamples = Kollect.Core.Tests.Backends.Postgres.Examples;

namespace Kollect.Core.Tests.Sinks;

/// <summary>A HashMap has another order in each process: a message made from it would differ after each restart, and be written again.</summary>
public sealed class SinkSettingsTests
{
    private static readonly (string, string)[] Many = [.. Enumerable.Range(0, 40).Select(number => ($"option_{number:00}", $"{number}"))];

    [Fact]
    public void Options_are_listed_by_name()
    {
        var sink = PostgresExamples.Sink(options: [.. Many.Reverse()]);
        Assert.Equal(Many, sink.Settings.OrderedOptions);
        Assert.Equal(
            (string[])[.. Many.Select(option => option.Item1), "search_path", "row_security"],
            ExportPlan.SettingsOf(sink, HashMap<string, Core.Secrets.SecretText>()).Map(setting => setting.Name));
    }
}
