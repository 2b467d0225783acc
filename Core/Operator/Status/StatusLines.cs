using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Formatting;
using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Operator.Status;

/// <summary>One line of an overview for people. Hidden characters of what others wrote are shown by their numbers.</summary>
/// <param name="Branch">Before the name, of a part of the inventory above: <c>├─ </c> or <c>└─ </c>; empty = it stands alone.</param>
/// <param name="Name">With its kind: <c>sink shop/warehouse</c>.</param>
/// <param name="Word">Its text is <see cref="StatusLines.Text"/>.</param>
/// <param name="Why">What is wrong; empty = nothing.</param>
/// <param name="Facts">How much, when and where; may be empty.</param>
internal sealed record StatusLine(string Branch, string Name, StateWord Word, string Why, string Facts)
{
    /// <inheritdoc/>
    public string Name { get; init => field = Shown.Plain(value); } = Shown.Plain(Name);

    /// <inheritdoc/>
    public string Why { get; init => field = Shown.Plain(value); } = Shown.Plain(Why);

    /// <inheritdoc/>
    public string Facts { get; init => field = Shown.Plain(value); } = Shown.Plain(Facts);

    /// <summary>What is wrong, then the facts.</summary>
    public string Details => StatusLines.Sentence(Why, Facts);
}

/// <summary>The lines of a <see cref="StatusTree"/>.</summary>
internal static class StatusLines
{
    private const int WidestName = 60;

    // inventory shop/all          ready      406 items
    // ├─ target shop/deployments  ready      406 objects
    // └─ sink shop/warehouse      not ready  ExportRefused since 2026-11-23T08:00:00Z: connect: …; 406 rows in public.items, exported …
    /// <summary>All lines, in the order of the tree.</summary>
    public static Seq<StatusLine> Of(StatusTree tree, DateTimeOffset now) => Join(
        tree.Inventories.Bind(it => Of(it, now)),
        tree.UnusedTargets.Map(Of).Map(it => it with { Facts = Sentence(it.Facts, "no inventory chooses it") }),
        tree.UnusedSinks.Map(it => new StatusLine("", $"sink {it.Name}", it.State.Word, Why(it.State), "no inventory uses it"))).Strict();

    /// <summary>Branches and names of lines, all of one width: the first column of a text.</summary>
    public static Seq<string> Names(Seq<StatusLine> lines)
    {
        var names = lines.Map(it => it.Branch + it.Name).Strict();
        var width = Math.Min(WidestName, names.Select(it => it.Length).DefaultIfEmpty(0).Max());
        return names.Map(it => it.PadRight(width)).Strict();
    }

    /// <summary>The last line: <c>2 of 3 inventories are ready</c>.</summary>
    public static string Summary(StatusTree tree)
    {
        var (ready, all) = (tree.Inventories.Count(it => it.IsReady), tree.Inventories.Count);
        var unused = tree.UnusedTargets.Count(it => !it.State.IsReady) + tree.UnusedSinks.Count(it => !it.State.IsReady);
        return FormattableString.Invariant($"{ready} of {all} {(all == 1 ? "inventory" : "inventories")} ready")
            + (unused == 0 ? "" : FormattableString.Invariant($"; {unused} unused object{(unused == 1 ? " is" : "s are")} not ready"));
    }

    /// <summary>The word of a state, for people.</summary>
    public static string Text(StateWord word) => word switch
    {
        StateWord.Ready => "ready",
        StateWord.Degraded => "degraded",
        StateWord.Waiting => "waiting",
        StateWord.NotReady => "not ready",
        _ => throw new UnreachableException(),
    };

    private static Seq<StatusLine> Of(InventoryNode inventory, DateTimeOffset now)
    {
        var under = Join(inventory.Targets.Map(Of), inventory.Sinks.Map(it => Of(it, inventory, now)));
        // The message of an inventory repeats those of its sinks.
        var why = inventory.Sinks.Exists(it => !it.State.IsReady) && inventory.State.Word != StateWord.Waiting ? inventory.State.Reason : Why(inventory.State);
        var root = new StatusLine(
            "",
            inventory.Name.Namespace == Scope.ClusterInventories ? $"cluster inventory {inventory.Name.Name}" : $"inventory {inventory.Name}",
            inventory.State.Word,
            why,
            Count(inventory.Items, "item"));
        return Join(
            Seq1(root),
            under.AsEnumerable().Select((it, index) => it with { Branch = index == under.Count - 1 ? "└─ " : "├─ " }).ToArray().ToSeq());
    }

    private static StatusLine Of(TargetNode target) => new(
        "",
        target.Name.Namespace == Scope.ClusterInventories ? $"cluster target {target.Name.Name}" : $"target {target.Name}",
        target.State.Word,
        Why(target.State),
        Count(target.Objects, "object"));

    private static StatusLine Of(RefNode sink, InventoryNode inventory, DateTimeOffset now) => new(
        "",
        $"sink {sink.Name}",
        sink.State.Word,
        Why(sink.State),
        Sentence(Rows(sink), Exported(sink, now), sink.State.Reason is "SinkNotFound" ? "" : Next(sink, inventory.IsSuspended)));

    // 406 rows in PostgreSQL public.inventory_items
    private static string Rows(RefNode sink) => sink.Rows.Match(_ => Count(sink.Rows, "row"), () => "no rows yet")
        + sink.At.Match(it => $" in {it.Backend.WireName()} {it.FullName}", () => "");

    private static string Exported(RefNode sink, DateTimeOffset now) => sink.Export.Bind(it => it.Success)
        .Map(it => it.SnapshotTime.IfNone(it.At))
        .Match(at => $"exported {Times.Seconds(at)} ({Age(now - at)} ago)", () => "never exported");

    private static string Next(RefNode sink, bool isSuspended) =>
        (isSuspended, sink.Export.Bind(it => it.Failure).Map(it => it.Class).Case, sink.Interval) switch
        {
            (true, _, _) => "next export after the suspension",
            (_, FailureClass.Refused, _) => "next export when something changes",
            (_, FailureClass.Superseded, _) => "next export with a newer snapshot",
            (_, FailureClass, _) => "tried again" + sink.Export.Bind(it => it.NextExport).Match(at => $" at {Times.Seconds(at)}", () => " by itself"),
            (_, _, { ChangesOnly: true }) => "next export on a change",
            (_, _, var interval) => $"next export on a change, a look at the rows every {interval}",
        };

    // ExportRefused since 2026-11-23T08:00:00Z: connect: …
    private static string Why(ObjectState state) => state.Word == StateWord.Ready
        ? ""
        : state.Reason + state.Since.Match(it => $" since {Times.Seconds(it)}", () => "") + $": {state.Message}";

    internal static string Sentence(params IEnumerable<string> parts) => string.Join("; ", parts.Where(it => it.Length > 0));

    private static string Count(Option<long> count, string noun) =>
        count.Match(it => string.Create(CultureInfo.InvariantCulture, $"{it:N0} {noun}{(it == 1 ? "" : "s")}"), () => "");

    /// <summary>In one unit, as kubectl shows ages: <c>12s</c>, <c>5m</c>, <c>3h</c>, <c>4d</c>. A time ahead of the clock is <c>0s</c>.</summary>
    private static string Age(TimeSpan age) => age.TotalSeconds switch
    {
        < 0 => "0s",
        < 120 => FormattableString.Invariant($"{(int)age.TotalSeconds}s"),
        < 7_200 => FormattableString.Invariant($"{(int)age.TotalMinutes}m"),
        < 172_800 => FormattableString.Invariant($"{(int)age.TotalHours}h"),
        _ => FormattableString.Invariant($"{(int)age.TotalDays}d"),
    };
}
