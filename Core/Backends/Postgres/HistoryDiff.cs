using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// Wanted and observed history -> what to create, or why no export may run. Unlike a ledger it is not optional: a version that is lost stays lost.
/// </summary>
internal static class HistoryDiff
{
    /// <summary>Empty = the history is there and can be written, or provisioning creates it, or none is wanted.</summary>
    public static Seq<Gap> Gaps(Desired desired, Observed observed) => desired.History.Match(
        history =>
            observed.CitusTable.IsSome ? Seq1<Gap>(new Gap.NoHistoryInCitus(desired.Table))
            : observed.History.Match(table => OfTable(history, table), () => OfNone(desired, history, observed)),
        () => Seq<Gap>());

    /// <summary>What provisioning creates.</summary>
    public static Seq<PostgresChange> Changes(Desired desired, Observed observed) =>
        desired.History.Filter(_ => desired.Mode == KollectDatabaseSinkMode.Ensure).Match(
            history => Join(
                observed.History.IsNone
                    ? Seq<PostgresChange>(new PostgresChange.CreateHistory(history), new PostgresChange.CreateHistoryIndex(history))
                    : Empty,
                observed.Timeline.IsNone && observed.CanCreateTable ? Seq1<PostgresChange>(new PostgresChange.CreateTimeline(history)) : Empty),
            () => Seq<PostgresChange>());

    /// <summary>Exports work without the view.</summary>
    public static Seq<Refusal> Warnings(Desired desired, Observed observed) => desired.History.Match(
        history => observed.Timeline.Match(
            kind => kind == "v" ? Empty : Seq1(new Refusal(
                $"{history.Timeline} is no view, so that history and present rows have to be read apart", $"DROP … or rename it, then: {InLine(history)}")),
            () => desired.Mode == KollectDatabaseSinkMode.Ensure && !observed.CanCreateTable
                ? Seq1(new Refusal($"view {history.Timeline} does not exist and the role may not create it", InLine(history)))
                : Empty),
        () => Seq<Refusal>());

    /// <summary>What an administrator creates in mode <c>existing</c>, and an export in mode <c>ensure</c>.</summary>
    public static Seq<Statement> Offline(History history, bool isExisting)
    {
        var mode = isExisting ? "mode existing: checked, never created" : "mode ensure: created like this when it is missing";
        return Seq(
            Render.Change(new PostgresChange.CreateHistory(history)) with { Why = $"{mode} ({history.At}, options.history)" },
            Render.Change(new PostgresChange.CreateHistoryIndex(history)),
            Render.Change(new PostgresChange.CreateTimeline(history)) with
            {
                Why = isExisting
                    ? $"mode existing: {history.Timeline} is for readers, and exports do not need it"
                    : $"mode ensure: {history.Timeline} is created like this when it is missing and the role may create it",
            });
    }

    private static Seq<Gap> OfNone(Desired desired, History history, Observed observed) =>
        desired.Mode == KollectDatabaseSinkMode.Existing ? Seq1<Gap>(new Gap.HistoryMissing(history, IsExisting: true))
        : observed.SchemaExists && !observed.CanCreateTable ? Seq1<Gap>(new Gap.HistoryMissing(history, IsExisting: false))
        : Empty;

    private static Seq<Gap> OfTable(History history, ObservedTable table)
    {
        var (wrong, lacking) = (history.Own.Defects(table), history.Own.Lacking(table));
        return wrong.IsEmpty
            ? Join(
                lacking.IsEmpty ? Empty : Seq1<Gap>(new Gap.MissingPrivileges(history.At, lacking)),
                table.RowSecurity ? Seq1<Gap>(new Gap.RowSecurity(history.At, table.IsOwner)) : Empty)
            : Seq1<Gap>(new Gap.NotTheHistory(history, wrong));
    }

    private static string InLine(History history) => history.CreateTimeline.Replace("\n    ", " ", StringComparison.Ordinal);
}
