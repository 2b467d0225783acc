using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Kubernetes;
using Kollect.Core.Operator.Status;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Operator.Status;

public sealed class InventoryStatusModelTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 8, 0, 0, 250, TimeSpan.Zero);
    private static readonly SinkName Sink = new("platform", "warehouse");
    private static readonly RowLocation Items = new(Sink, new TableLocation(KollectDestinationBackend.Postgres, "public", "items", "prod"));

    private static readonly InventoryStatus Status = new(
        7,
        42,
        Monday,
        Seq1(new StatusCondition(new Condition("Ready", KollectConditionStatus.False, "ExportRefused", "why"), 7, Monday.AddMilliseconds(-250))),
        Seq(
            new SinkExport(
                Sink,
                new ExportSuccess(
                    new ExportBasis("abc", Complete: false, 6, new SinkVersion(3, "platform/dsn=1/2"), Items),
                    Monday,
                    new ExportOutcome(42, 1, 2, 30, 4, 0, 0, 0, 9, false, 0, 0, 250, Empty)),
                new ExportFailure(None, FailureClass.Refused, "connect: wrong password", 2, Monday, Deadline.After(Monday, TimeSpan.FromSeconds(10))),
                Empty),
            new SinkExport(new SinkName("platform", "portal"), None, None, Empty)),
        Seq1(Items));

    [Fact]
    public void A_status_is_read_as_it_was_written_to_the_second()
    {
        var model = InventoryStatusModel.Of(Status);
        Assert.Equal(model, InventoryStatusModel.Of(InventoryStatusModel.Read(model)));
        var read = InventoryStatusModel.Read(model);
        Assert.Equal((Status.Locations, Status.Conditions, Status.ItemCount), (read.Locations, read.Conditions, read.ItemCount));
        Assert.Equal(Status.SinkExports.Map(it => it.Success.Map(success => success.Of)), read.SinkExports.Map(it => it.Success.Map(success => success.Of)));
        Assert.Equal(
            Status.SinkExports.Map(it => it.Failure.Map(failure => (failure.Class, failure.InARow))),
            read.SinkExports.Map(it => it.Failure.Map(failure => (failure.Class, failure.InARow))));
    }

    [Fact]
    public void An_inventory_has_the_freshness_of_the_sink_that_is_farthest_behind_and_the_next_export_of_any()
    {
        SinkExport At(SinkExport it, int success, int next) => it with
        {
            Success = Status.SinkExports.Head.Success.Map(old => old with { SnapshotTime = Monday.AddMinutes(success) }),
            NextExport = Monday.AddMinutes(next),
        };
        var both = Status with { SinkExports = Seq(At(Status.SinkExports[0], 5, 90), At(Status.SinkExports[1], 3, 120)) };
        var model = InventoryStatusModel.Of(both);
        Assert.Equal((Seconds(3), Seconds(90)), (model.LastSuccessTime, model.NextExportTime));
        Assert.Equal([Seconds(5), Seconds(3)], model.SinkExports.Select(it => it.LastSuccessTime));
        // A restart neither forgets them nor shortens the wait after a failure.
        var read = InventoryStatusModel.Read(model);
        Assert.Equal(model, InventoryStatusModel.Of(read));
        Assert.Equal(Seconds(90), read.SinkExports.Head.Failure.Match(it => it.Retry.At, () => default));

        // A sink without rows is behind all others.
        Assert.Null(InventoryStatusModel.Of(both with { SinkExports = both.SinkExports.Add(Status.SinkExports[1]) }).LastSuccessTime);

        static DateTimeOffset? Seconds(int minutes) => Monday.AddMinutes(minutes).AddMilliseconds(-250);
    }

    [Fact]
    public void A_missing_status_is_read_as_the_initial_one() => Assert.Equal(InventoryStatus.Initial, InventoryStatusModel.Read(null));

    [Fact]
    public void A_damaged_part_of_a_status_only_causes_an_export()
    {
        var model = InventoryStatusModel.Of(Status);
        var damaged = model with
        {
            SinkExports = [.. model.SinkExports.Select(it => it with
            {
                Destination = it.Destination is { } at ? at with { Backend = null } : null,
                Failures = -3,
                LastErrorTime = null,
            })],
            Destinations = [.. model.Destinations.Select(it => it with { Backend = null })],
            Conditions = [.. model.Conditions.Select(it => it with { Status = null })],
        };
        var read = InventoryStatusModel.Read(damaged);
        Assert.True(read.SinkExports.ForAll(it => it.Success.IsNone) && read.Locations.IsEmpty && read.Conditions.IsEmpty);
        Assert.Equal(1, read.SinkExports.Head.Failure.Match(it => it.InARow, () => 0));
    }
}
