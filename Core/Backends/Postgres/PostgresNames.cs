using Kollect.Core.Formatting;

namespace Kollect.Core.Backends.Postgres;

/// <summary>Checks names against the habits of PostgreSQL. Each method returns the objection; None = there is none.</summary>
internal static class PostgresNames
{
    /// <summary>
    /// The server's own schemas: <c>information_schema</c>, and each whose name begins with <c>pg_</c> (PostgreSQL manual, "The System Catalog
    /// Schema"; CREATE SCHEMA refuses the prefix).
    /// </summary>
    public static Option<string> OwnSchema(string name) =>
        name == "information_schema" || name.StartsWith("pg_", StringComparison.Ordinal)
            ? $"{Shown.Quoted(name)} is a schema of PostgreSQL itself, which is no place for tables; name a schema of your own, or public"
            : None;

    /// <summary>A table is always quoted, so that a dot or a quote does not separate anything.</summary>
    public static Option<string> QualifiedTable(string name) => name.Contains('"')
        ? $"{Shown.Quoted(name)} contains a double quote, which becomes a part of the table's name; write the name without quotes, in its exact case"
        : name.Contains('.')
            ? Some($"{Shown.Quoted(name)} contains a dot, which becomes a part of the table's name; for the schema use spec.postgres.schema")
            : None;

    /// <summary>As <see cref="QualifiedTable"/>, for a schema.</summary>
    public static Option<string> QualifiedSchema(string name) => name.Contains('"') || name.Contains('.')
        ? $"{Shown.Quoted(name)} contains a dot or a double quote, which becomes a part of the schema's name; write the schema's name alone, "
            + "the database stands in the Secret"
        : None;
}
