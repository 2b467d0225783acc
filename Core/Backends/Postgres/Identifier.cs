using System.Text;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The only place where a name becomes part of an SQL text.</summary>
public static class Identifier
{
    /// <summary>Longest identifier in bytes of UTF-8 (PostgreSQL manual 4.1.1, NAMEDATALEN - 1); longer ones would be cut silently.</summary>
    public const int MaxBytes = Sinks.NameRules.PostgresMaxBytes;

    /// <summary>True for 1 to 63 bytes of UTF-8 without NUL: what PostgreSQL keeps exactly as it is written.</summary>
    public static bool IsValid(string name) =>
        name.Length > 0 && !name.Contains('\0') && Encoding.UTF8.GetByteCount(name) <= MaxBytes;

    /// <summary>Always in double quotes, an inner one doubled: <c>my"table</c> gives <c>"my""table"</c>.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

/// <summary>A table by schema and name, both unquoted.</summary>
public sealed record TableName(string Schema, string Name)
{
    /// <summary>Quoted for SQL: <c>"public"."inventory_items"</c>.</summary>
    public string Sql => $"{Identifier.Quote(Schema)}.{Identifier.Quote(Name)}";

    /// <summary>The same as <see cref="Sql"/>: a table is shown as it is written in SQL.</summary>
    public override string ToString() => Sql;
}
