using System.Globalization;
using System.Reflection;
using System.Text;
using FsCheck;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;

namespace Kollect.Core.Tests.Failures;

public sealed class WaitsTests
{
    private static IEnumerable<(string Name, object Value)> Named => typeof(Waits)
        .GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Select(property => (property.Name, property.GetValue(null)!))
        .OrderBy(wait => wait.Name, StringComparer.Ordinal);

    [Fact]
    public void Every_wait_has_a_name()
    {
        var table = new StringBuilder();
        foreach (var (name, value) in Named)
            table.AppendLine(CultureInfo.InvariantCulture, $"{name,-20} {(value is Backoff backoff ? Describe(backoff) : GoDuration.Format((TimeSpan)value))}");
        foreach (var seconds in new[] { 0, 10, 30, 60, 120, 240, 3_600 })
        {
            var wait = Waits.Secrets(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(seconds));
            table.AppendLine(CultureInfo.InvariantCulture, $"{$"Secrets, after {seconds} s",-20} {GoDuration.Format(wait)}");
        }

        table.AppendLine(CultureInfo.InvariantCulture, $"{"Secrets, at rest",-20} {GoDuration.Format(Waits.Secrets(TimeSpan.FromSeconds(30), None))}");
        Golden.Verify(table.ToString(), "scheduling/waits.txt");
    }

    [Property]
    public void A_wait_grows_with_the_failures_within_its_spread_and_is_extended_if_a_server_asks(int any, NormalFloat fraction, int seconds)
    {
        var (failures, jitter, asked) = (1 + Math.Abs(any % 40), Math.Abs(fraction.Get) % 1, TimeSpan.FromSeconds(Math.Abs(seconds % 10_000)));
        foreach (var backoff in Named.Select(wait => wait.Value).OfType<Backoff>())
        {
            var wait = backoff.After(failures, jitter);
            Assert.InRange(wait, backoff.Shortest * backoff.Spread.Least, backoff.Longest * backoff.Spread.Most);
            Assert.True(backoff.After(failures + 1, jitter) >= wait);
            var granted = asked < backoff.LongestAsked ? asked : backoff.LongestAsked;
            Assert.Equal(granted > wait ? granted : wait, backoff.After(failures, jitter, asked));
        }
    }

    [Fact]
    public void Shell_uses_no_other_waits()
    {
        var others =
            from project in new[] { "Library", "MongoDb", "BigQuery", "Operator" }
            from file in Directory.EnumerateFiles(Repository.At($"Shell/{project}"), "*.cs", SearchOption.AllDirectories)
            from line in File.ReadLines(file)
            where line.Contains("Task.Delay(", StringComparison.Ordinal) || line.Contains("AddRetry(", StringComparison.Ordinal)
            where !NamedWait.Any(name => line.Contains(name, StringComparison.Ordinal))
            select $"{Path.GetFileName(file)}: {line.Trim()}";
        Assert.Empty(others);
    }

    // A wait by name, a flag, the end of a run, a wait that a back-off returned one line before, and the retries whose delays a back-off generates.
    private static readonly string[] NamedWait = ["Waits.", "options.RetryPeriod", "Timeout.Infinite", "Task.Delay(wait,", "AddRetry(new RetryStrategyOptions"];

    private static string Describe(Backoff backoff)
    {
        var waits = Enumerable.Range(1, 12).Select(failures => backoff.After(failures, 0.5)).Distinct().Select(wait => GoDuration.Format(wait));
        var attempts = backoff.Attempts == int.MaxValue ? "" : string.Create(CultureInfo.InvariantCulture, $"; {backoff.Attempts} attempts");
        var asked = backoff.LongestAsked == TimeSpan.MaxValue ? "" : $"; a server may ask for {GoDuration.Format(backoff.LongestAsked)}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{string.Join(", ", waits)}; jitter {backoff.Spread.Least:P0} to {backoff.Spread.Most:P0}{attempts}{asked}");
    }
}
