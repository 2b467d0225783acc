namespace Kollect.Core.Backends.Postgres;

/// <summary>A table of Kollect beside the destination: the ledger of exports, or a history of rows.</summary>
/// <param name="At">Where it is.</param>
/// <param name="Columns">In the order of the table.</param>
/// <param name="Key">Names of the columns of the primary key.</param>
internal sealed record OwnTable(TableName At, Seq<OwnColumn> Columns, Seq<string> Key)
{
    /// <summary>The table as provisioning creates it, and as an administrator can.</summary>
    public string Create
    {
        get
        {
            var (names, types) = (Columns.Map(it => it.Name.Length).Max(), Columns.Map(it => it.Type.Length).Max());
            var lines = Columns.Map(it => $"    {it.Name.PadRight(names)} {(it.IsRequired ? it.Type.PadRight(types) + " NOT NULL" : it.Type)},\n");
            return $"CREATE TABLE {At} (\n{string.Concat(lines)}    PRIMARY KEY ({string.Join(", ", Key)})\n);";
        }
    }

    /// <summary>The same for a remedy of one line.</summary>
    public string CreateInLine =>
        $"CREATE TABLE {At} ({string.Join(", ", Columns.Map(it => $"{it.Name} {it.Type}{(it.IsRequired ? " NOT NULL" : "")}"))}, "
        + $"PRIMARY KEY ({string.Join(", ", Key)}));";

    /// <summary>
    /// Why a relation of that name is another one; empty = it is this table. A sweep finds rows by ctid, which is unique in a table, not in a partitioned one.
    /// </summary>
    public Seq<string> Defects(ObservedTable table) => table.Kind != "r"
        ? Seq1("it is no ordinary table")
        : Join(
            Columns.Bind(wanted => table.Columns.Find(column => column.Name == wanted.Name).Match(
                column => Diff.Fits(wanted.CatalogName, column) && column.IsDeterministic && !column.Generated && (wanted.IsRequired || !column.NotNull)
                    ? Seq<string>()
                    : Seq1($"column {wanted.Name} is not {wanted.Type}{(wanted.IsRequired ? "" : " with NULL")}"),
                () => Seq1($"column {wanted.Name} is missing"))),
            table.Columns
                .Filter(column => column.NotNull && !column.HasDefault && !column.Generated && !Has(column.Name))
                .Map(column => $"column {Identifier.Visible(column.Name)} is NOT NULL without a default"),
            table.UniqueIndexes.Exists(index => index.Usable && index.IsOn(Key))
                ? Empty
                : Seq1($"no unique index on ({string.Join(", ", Key)})")).Strict();

    /// <summary>The privileges that the role lacks, in the order SELECT, INSERT, UPDATE, DELETE.</summary>
    public Seq<string> Lacking(ObservedTable table) => Diff.MissingPrivileges(table, Has);

    /// <summary>The statement that gives privileges to the role of the sink.</summary>
    public string Grant(string privileges) => $"GRANT {privileges} ON {At} TO {Render.Role};";

    private bool Has(string column) => Columns.Exists(it => it.Name == column);
}

/// <summary>A column of a table of Kollect.</summary>
/// <param name="Type">As <c>format_type</c> prints it.</param>
/// <param name="CatalogName">The same type as <c>pg_type.typname</c> names it.</param>
/// <param name="IsRequired">NOT NULL.</param>
/// <param name="Meaning">What it says, one sentence.</param>
internal sealed record OwnColumn(string Name, string Type, string CatalogName, bool IsRequired, string Meaning);
