using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The changes that provisioning may make. Closed: an existing table is never altered.</summary>
internal abstract record PostgresChange
{
    private PostgresChange() { }

    /// <summary>The table is missing and the mode is <c>ensure</c>.</summary>
    public sealed record CreateTable(TableName Table) : PostgresChange;

    /// <summary>The ledger is missing, the mode is <c>ensure</c>, and the role may create it.</summary>
    public sealed record CreateLedger(Ledger Ledger) : PostgresChange;

    /// <summary>The view over the ledger is missing, the mode is <c>ensure</c>, and the role may create it.</summary>
    public sealed record CreateFreshness(Freshness View) : PostgresChange;

    /// <summary>The history is missing and the mode is <c>ensure</c>.</summary>
    public sealed record CreateHistory(History History) : PostgresChange;

    /// <summary>Together with the history.</summary>
    public sealed record CreateHistoryIndex(History History) : PostgresChange;

    /// <summary>No relation has the name of the timeline, the mode is <c>ensure</c>, and the role may create it.</summary>
    public sealed record CreateTimeline(History History) : PostgresChange;
}

/// <summary>Wanted and observed state -> what to do, or every reason why nothing may be done.</summary>
internal static class Diff
{
    /// <summary>Left: all gaps at once, nothing may be written. Right: the changes, empty when nothing is to do.</summary>
    public static Either<Seq<Gap>, Seq<PostgresChange>> Between(Desired desired, Observed observed)
    {
        foreach (var why in observed.Engine.Objection.ToSeq())
            return Seq1<Gap>(new Gap.UnsupportedServer(why));
        var gaps = Join(
            ServerGaps(desired, observed),
            observed.Table.Match(table => TableGaps(desired.Table, table), () => MissingTableGaps(desired, observed)),
            HistoryDiff.Gaps(desired, observed));
        if (!gaps.IsEmpty)
            return gaps;
        return Join(
            observed.Table.IsSome ? Seq<PostgresChange>() : Seq1<PostgresChange>(new PostgresChange.CreateTable(desired.Table)),
            OfLedger(desired, observed),
            HistoryDiff.Changes(desired, observed));
    }

    /// <summary>The ledger and its view, where an export creates them.</summary>
    internal static Seq<PostgresChange> OfLedger(Desired desired, Observed observed) => Join(
        LedgerState.Of(desired, observed) is LedgerState.Missing ? Seq1<PostgresChange>(new PostgresChange.CreateLedger(desired.Ledger)) : Empty,
        FreshnessState.Of(desired, observed) is FreshnessState.Missing ? Seq1<PostgresChange>(new PostgresChange.CreateFreshness(desired.Freshness)) : Empty);

    private static Seq<Gap> ServerGaps(Desired desired, Observed observed) => Join(
        When(observed.IsStandby, new Gap.Standby()),
        When(observed.ReadOnly && !observed.IsStandby, new Gap.ReadOnlyTransactions()),
        When(observed.Encoding != "UTF8", new Gap.WrongEncoding(observed.Encoding)),
        observed.Citus.Filter(it => it.IsWorker).Map(it => (Gap)new Gap.CitusWorker(it.Group)).ToSeq(),
        When(!observed.SchemaExists, new Gap.SchemaMissing(desired.Table.Schema)),
        When(observed.SchemaExists && !observed.CanUseSchema, new Gap.NoSchemaUsage(desired.Table.Schema)));

    private static Seq<Gap> MissingTableGaps(Desired desired, Observed observed) => desired.Mode switch
    {
        KollectDatabaseSinkMode.Existing => Seq1<Gap>(new Gap.TableMissing(desired.Table)),
        _ => When(observed.SchemaExists && !observed.CanCreateTable, new Gap.CannotCreateTable(desired.Table)),
    };

    private static Seq<Gap> TableGaps(TableName name, ObservedTable table) =>
        table.Kind is not ("r" or "p")
            ? Seq1<Gap>(new Gap.NotATable(name, table.Kind))
            : Join(
                Columns.All.Bind(column => ColumnGaps(name, table, column)),
                UnfillableColumns(name, table),
                IdentityGaps(name, table),
                table.Partitioning.Filter(it => it.Partitions == 0).Map(it => (Gap)new Gap.NoPartition(name, it.Strategy == "h")).ToSeq(),
                table.Interceptors.Filter(it => it.IsGap).Map(it => (Gap)new Gap.Intercepted(name, it)),
                PrivilegeGaps(name, table),
                When(table.RowSecurity, new Gap.RowSecurity(name, table.IsOwner)),
                When(table.LacksReplicaIdentity, new Gap.NoReplicaIdentity(
                    name, table.UniqueIndexes.Find(index => index.IsIdentity && index.Usable).Map(index => index.Name))));

    private static Seq<Gap> ColumnGaps(TableName name, ObservedTable table, Column wanted) =>
        table.Columns.Find(column => column.Name == wanted.Name).Match(
            column => Join(
                When(!Fits(wanted.PostgresCatalogName, column), new Gap.WrongType(name, wanted, column.Type)),
                When(!column.IsDeterministic, new Gap.NondeterministicColumn(name, wanted)),
                When(column.Generated, new Gap.GeneratedColumn(name, column.Name))),
            () => Seq1<Gap>(new Gap.ColumnMissing(name, wanted)));

    // varchar without a length is text under another name: same storage, same comparison, no limit. A time of three digits after the
    // second holds a snapshot's milliseconds.
    internal static bool Fits(string catalogName, ObservedColumn actual) => catalogName switch
    {
        "text" => actual is { BuiltIn: "text" } or { BuiltIn: "varchar", Modifier: < 0 },
        "timestamptz" => actual is { BuiltIn: "timestamptz", Modifier: < 0 or >= 3 },
        var type => actual.BuiltIn == type,
    };

    private static Seq<Gap> UnfillableColumns(TableName name, ObservedTable table) =>
        table.Columns
            .Filter(column => column.NotNull && !column.HasDefault && !column.Generated)
            .Filter(column => !Columns.Exists(column.Name))
            .Map(column => (Gap)new Gap.UnfillableColumn(name, column.Name));

    private static Seq<Gap> IdentityGaps(TableName name, ObservedTable table)
    {
        var onIdentity = table.UniqueIndexes.Filter(index => index.IsIdentity);
        // An index has the collation of its column unless it names another one: the remedy of the column is its remedy, too.
        var areColumnsDeterministic = table.Columns.ForAll(column => column.IsDeterministic || !Columns.Identity.Contains(column.Name));
        var otherKey = table.Partitioning.Filter(it => !it.Key.ForAll(column => Columns.Identity.Contains(column)));
        return otherKey.Match(
            partitioning => Seq1<Gap>(new Gap.PartitionKey(name, partitioning.Key)),
            () => Join(
                When(
                    !onIdentity.Exists(index => index.Usable),
                    new Gap.NoIdentityIndex(name, table.Partitioning.IsSome, onIdentity.Map(index => index.Name))),
                onIdentity
                    .Filter(index => areColumnsDeterministic && !index.IsDeterministic)
                    .Map(index => (Gap)new Gap.NondeterministicIndex(name, index.Name))));
    }

    private static Seq<Gap> PrivilegeGaps(TableName name, ObservedTable table)
    {
        var missing = MissingPrivileges(table, Columns.Exists);
        return When(!missing.IsEmpty, new Gap.MissingPrivileges(name, missing));
    }

    /// <summary>In the order SELECT, INSERT, UPDATE, DELETE.</summary>
    internal static Seq<string> MissingPrivileges(ObservedTable table, Func<string, bool> isOurs)
    {
        var ours = table.Columns.Filter(column => isOurs(column.Name));
        return Seq(
                (Name: "SELECT", Granted: ours.ForAll(column => column.CanSelect)),
                (Name: "INSERT", Granted: ours.ForAll(column => column.CanInsert)),
                (Name: "UPDATE", Granted: ours.ForAll(column => column.CanUpdate)),
                (Name: "DELETE", Granted: table.CanDelete))
            .Filter(privilege => !privilege.Granted)
            .Map(privilege => privilege.Name);
    }

    private static Seq<Gap> When(bool condition, Gap gap) => condition ? Seq1(gap) : Empty;
}
