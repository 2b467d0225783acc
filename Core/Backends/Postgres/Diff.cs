using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The changes that provisioning may make. Closed: an existing table is never altered.</summary>
public abstract record PostgresChange
{
    private PostgresChange() { }

    /// <summary>The table is missing and the mode is <c>ensure</c>.</summary>
    public sealed record CreateTable(TableName Table) : PostgresChange;
}

/// <summary>A difference that prevents an export and that only an administrator can resolve. Closed.</summary>
public abstract record Gap
{
    private Gap() { }

    /// <summary>The server does not accept writes.</summary>
    public sealed record ReadOnlyServer : Gap;

    /// <summary>A worker of Citus: advisory locks hold on one node only.</summary>
    /// <param name="Group"><c>pg_dist_local_group.groupid</c>.</param>
    public sealed record CitusWorker(int Group) : Gap;

    /// <summary>Schemas are never created.</summary>
    public sealed record SchemaMissing(string Schema) : Gap;

    /// <summary>No USAGE.</summary>
    public sealed record NoSchemaUsage(string Schema) : Gap;

    /// <summary>Table missing, and no CREATE on the schema.</summary>
    public sealed record CannotCreateTable(TableName Table) : Gap;

    /// <summary>Table missing in mode <c>existing</c>.</summary>
    public sealed record TableMissing(TableName Table) : Gap;

    /// <summary>A view, foreign table, sequence, …</summary>
    /// <param name="Kind"><c>pg_class.relkind</c>.</param>
    public sealed record NotATable(TableName Table, string Kind) : Gap;

    /// <summary>A wanted column does not exist.</summary>
    public sealed record ColumnMissing(TableName Table, Column Column) : Gap;

    /// <summary>A wanted column has another type.</summary>
    public sealed record WrongType(TableName Table, Column Column, string Actual) : Gap;

    /// <summary>A wanted column is computed by the server.</summary>
    public sealed record GeneratedColumn(TableName Table, string Column) : Gap;

    /// <summary>A column outside the wanted ones is NOT NULL without a default, so no row can be inserted.</summary>
    public sealed record UnfillableColumn(TableName Table, string Column) : Gap;

    /// <summary>No usable unique index exactly on the identity columns.</summary>
    /// <param name="Unusable">Indexes on the right columns that are invalid, partial or deferrable.</param>
    public sealed record NoIdentityIndex(TableName Table, Seq<string> Unusable) : Gap;

    /// <summary>Privileges that the role lacks, in the order SELECT, INSERT, UPDATE, DELETE.</summary>
    public sealed record MissingPrivileges(TableName Table, Seq<string> Privileges) : Gap;

    /// <summary>Policies would hide rows from the mirror.</summary>
    public sealed record RowSecurity(TableName Table) : Gap;
}

/// <summary>Wanted and observed state -> what to do, or every reason why nothing may be done.</summary>
public static class Diff
{
    /// <summary>Left: all gaps at once, nothing may be written. Right: the changes, empty when nothing is to do.</summary>
    public static Either<Seq<Gap>, Seq<PostgresChange>> Between(Desired desired, Observed observed)
    {
        var gaps = Join(
            ServerGaps(desired, observed),
            observed.Table.Match(table => TableGaps(desired.Table, table), () => MissingTableGaps(desired, observed)));
        if (!gaps.IsEmpty)
            return gaps;
        return observed.Table.IsSome
            ? Seq<PostgresChange>()
            : Seq1<PostgresChange>(new PostgresChange.CreateTable(desired.Table));
    }

    private static Seq<Gap> ServerGaps(Desired desired, Observed observed) => Join(
        When(observed.ReadOnly, new Gap.ReadOnlyServer()),
        observed.Citus.Filter(it => it.IsWorker).Map(it => (Gap)new Gap.CitusWorker(it.Group)).ToSeq(),
        When(!observed.SchemaExists, new Gap.SchemaMissing(desired.Table.Schema)),
        When(observed.SchemaExists && !observed.CanUseSchema, new Gap.NoSchemaUsage(desired.Table.Schema)));

    private static Seq<Gap> MissingTableGaps(Desired desired, Observed observed) => desired.Mode switch
    {
        ProvisioningMode.Existing => Seq1<Gap>(new Gap.TableMissing(desired.Table)),
        _ => When(observed.SchemaExists && !observed.CanCreateTable, new Gap.CannotCreateTable(desired.Table)),
    };

    private static Seq<Gap> TableGaps(TableName name, ObservedTable table) =>
        table.Kind is not ("r" or "p")
            ? Seq1<Gap>(new Gap.NotATable(name, table.Kind))
            : Join(
                Columns.All.Bind(column => ColumnGaps(name, table, column)),
                UnfillableColumns(name, table),
                IdentityGaps(name, table),
                PrivilegeGaps(name, table),
                When(table.RowSecurity, new Gap.RowSecurity(name)));

    private static Seq<Gap> ColumnGaps(TableName name, ObservedTable table, Column wanted) =>
        table.Columns.Find(column => column.Name == wanted.Name).Match(
            column => Join(
                When(!Fits(wanted.PostgresType, column.Type), new Gap.WrongType(name, wanted, column.Type)),
                When(column.Generated, new Gap.GeneratedColumn(name, column.Name))),
            () => Seq1<Gap>(new Gap.ColumnMissing(name, wanted)));

    // varchar without a length is text under another name: same storage, same comparison, no limit.
    private static bool Fits(string wanted, string actual) =>
        actual == wanted || (wanted == "text" && actual == "character varying");

    private static Seq<Gap> UnfillableColumns(TableName name, ObservedTable table) =>
        table.Columns
            .Filter(column => column.NotNull && !column.HasDefault && !column.Generated)
            .Filter(column => !Columns.Exists(column.Name))
            .Map(column => (Gap)new Gap.UnfillableColumn(name, column.Name));

    private static Seq<Gap> IdentityGaps(TableName name, ObservedTable table)
    {
        var onIdentity = table.UniqueIndexes.Filter(index => index.IsIdentity);
        return When(
            !onIdentity.Exists(index => index.Usable),
            new Gap.NoIdentityIndex(name, onIdentity.Map(index => index.Name)));
    }

    private static Seq<Gap> PrivilegeGaps(TableName name, ObservedTable table)
    {
        var ours = table.Columns.Filter(column => Columns.Exists(column.Name));
        var missing = Seq(
                (Name: "SELECT", Granted: ours.ForAll(column => column.CanSelect)),
                (Name: "INSERT", Granted: ours.ForAll(column => column.CanInsert)),
                (Name: "UPDATE", Granted: ours.ForAll(column => column.CanUpdate)),
                (Name: "DELETE", Granted: table.CanDelete))
            .Filter(privilege => !privilege.Granted)
            .Map(privilege => privilege.Name);
        return When(!missing.IsEmpty, new Gap.MissingPrivileges(name, missing));
    }

    private static Seq<Gap> When(bool condition, Gap gap) => condition ? Seq1(gap) : Empty;
}
