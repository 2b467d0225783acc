using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Operator;

/// <summary>What two statuses of an inventory of another shard say about its sinks.</summary>
public sealed class InventoryStateTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "a", "a")]
    [InlineData("a", "a b", "b")]
    [InlineData("a b", "b", "a")]
    [InlineData("a", "b", "a b")]
    [InlineData("a a/west", "a", "")]
    public void The_use_of_a_sink_changes_when_its_first_rows_come_or_its_last_ones_go(string before, string after, string expected) =>
        Assert.Equal(expected, Names(WithRows(after).UseSince(WithRows(before))));

    [Theory]
    [InlineData("", "", "")]
    [InlineData("", "a@1", "a")]
    [InlineData("a@1", "a@1", "")]
    [InlineData("a@1 b@1", "a@1 b@2", "b")]
    [InlineData("a@1", "", "")]
    [InlineData("a@1", "a", "")]
    [InlineData("a", "a@1", "a")]
    public void An_export_has_succeeded_since_where_the_status_has_another_time_of_it(string before, string after, string expected) =>
        Assert.Equal(expected, Names(Exported(after).ExportedSince(Exported(before))));

    private static string Names(Seq<SinkName> sinks) => string.Join(' ', sinks.Map(it => it.Name).OrderBy(it => it, StringComparer.Ordinal));

    private static string[] Parts(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary><c>a/west</c>: rows of cluster west through sink a.</summary>
    private static InventoryState WithRows(string sinks) => InventoryState.Restored(new KollectInventoryStatus
    {
        Destinations = [.. Parts(sinks).Select(sink => new KollectInventoryStatusDestination
        {
            SinkNamespace = "shop",
            SinkName = sink.Split('/')[0],
            Backend = KollectDestinationBackend.Postgres,
            Container = "public",
            Table = "items",
            Cluster = sink.Contains('/', StringComparison.Ordinal) ? sink.Split('/')[1] : "east",
        })],
    });

    /// <summary><c>a@1</c>: exported through sink a, minute 1; without a minute: never.</summary>
    private static InventoryState Exported(string sinks) => InventoryState.Restored(new KollectInventoryStatus
    {
        SinkExports = [.. Parts(sinks).Select(sink => sink.Split('@')).Select(parts => new KollectInventoryStatusSinkExport
        {
            Namespace = "shop",
            Name = parts[0],
            LastExportTime = parts.Length > 1 ? Monday.AddMinutes(int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)) : null,
            LastChecksum = "5e884898",
            Destination = new KollectInventoryStatusSinkExportDestination
            {
                Backend = KollectDestinationBackend.Postgres,
                Container = "public",
                Table = "items",
                Cluster = "east",
            },
        })],
    });
}
