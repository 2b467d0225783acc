using System.Diagnostics;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.Postgres;

/// <summary>Properties of a table with which exports work, but not always or not without effects elsewhere. A probe and a plan show them.</summary>
internal static class Warnings
{
    /// <summary>One line each: the property, and the statement that removes it.</summary>
    public static Seq<string> Of(Desired desired, Observed observed) =>
        Join(
            observed.Table.Map(table => All(desired.Table, table)).IfNone(Seq<Refusal>()),
            LedgerState.Of(desired, observed) is LedgerState.Unusable ledger ? Seq1(ledger.Why) : Empty,
            FreshnessState.Of(desired, observed) is FreshnessState.Unusable view ? Seq1(view.Why) : Empty,
            HistoryDiff.Warnings(desired, observed))
        .Map(it => $"warning: {it.What} — {it.Remedy}");

    private static Seq<Refusal> All(TableName name, ObservedTable table) => Join(
        When(table.IsUnlogged, new Refusal(
            $"{name} is unlogged: a crash of the server empties it until the next export, and standbys do not have it",
            $"ALTER TABLE {name} SET LOGGED;")),
        table.PartitionOf.Map(of => new Refusal(
            $"{name} is a partition of {of}: a row outside its bounds fails the export", $"name {of} in spec.postgres")).ToSeq(),
        OtherUniqueIndexes(name, table),
        table.Constraints.Map(Constraint),
        table.Interceptors.Bind(it => it is Interceptor.Trigger { Fires: true } trigger && !it.IsGap ? Seq1(AfterTrigger(trigger)) : Empty));

    // An index that contains the identity holds whenever the identity does; one with a column of somebody else may get its values from there.
    private static Seq<Refusal> OtherUniqueIndexes(TableName name, ObservedTable table) => table.UniqueIndexes
        .Filter(index => !Columns.Identity.ForAll(column => index.Columns.Contains(column)))
        .Filter(index => index.Columns.ForAll(column => column.Length == 0 || Columns.Exists(column)))
        .Map(index => new Refusal(
            $"unique index {Identifier.Visible(index.Name)} of {name} on "
            + $"({string.Join(", ", index.Columns.Map(it => it.Length == 0 ? "an expression" : it))}): "
            + "an export fails (23505) where two rows agree in it",
            $"DROP INDEX {new TableName(name.Schema, index.Name)}; or drop the constraint of that name"));

    private static Refusal Constraint(ObservedConstraint constraint) => new(
        constraint.Type switch
        {
            "c" => $"{Named(constraint)} of {constraint.Of}: an export fails (23514) where a row breaks it",
            "x" => $"{Named(constraint)} of {constraint.Of}: an export fails (23P01) where rows exclude each other",
            "f" => $"{Named(constraint)} of {constraint.Of}: an export fails (23503) where the other table lacks the key",
            "R" => $"{Named(constraint)} of {constraint.Of} refers to the table: deleting a stale row fails (23503), or changes rows there",
            _ => throw new UnreachableException(),
        },
        $"ALTER TABLE {constraint.Of} DROP CONSTRAINT {Identifier.Visible(constraint.Name)};");

    private static string Named(ObservedConstraint constraint) =>
        $"constraint {Identifier.Visible(constraint.Name)} {constraint.Definition}";

    private static Refusal AfterTrigger(Interceptor.Trigger trigger) => new(
        $"trigger {Identifier.Visible(trigger.Name)} of {trigger.Of} runs with each export, which therefore reads its rows again before it commits",
        $"ALTER TABLE {trigger.Of} DISABLE TRIGGER {Identifier.Visible(trigger.Name)}; where it is not needed");

    private static Seq<Refusal> When(bool condition, Refusal warning) => condition ? Seq1(warning) : Empty;
}
