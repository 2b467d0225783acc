using System.Text;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The only type that writes a name into an SQL text.</summary>
internal static class Identifier
{
    /// <summary>Longest identifier in bytes of UTF-8 (PostgreSQL manual 4.1.1, NAMEDATALEN - 1); longer ones would be cut silently.</summary>
    public const int MaxBytes = 63;

    /// <summary>The objection to a name of a schema or table; None = PostgreSQL keeps it exactly as it is written.</summary>
    internal static Option<string> Problem(string name) =>
        NameRules.Empty(name) || NameRules.NotText(name) || NameRules.TooLong(name, MaxBytes, "PostgreSQL", "; PostgreSQL would cut it silently");

    /// <summary>Always in double quotes, an inner one doubled: <c>my"table</c> gives <c>"my""table"</c>.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>
    /// The same for people too: a name with characters that they cannot see is written with their numbers, so that a line of a remedy cannot end within a
    /// comment (PostgreSQL manual 4.1.1): <c>U&amp;"line\000Abreak"</c>.
    /// </summary>
    public static string Visible(string name) =>
        name.EnumerateRunes().Any(Shown.IsHidden) ? $"U&{string.Concat(Quote(name).EnumerateRunes().Select(Escaped))}" : Quote(name);

    private static string Escaped(Rune rune) =>
        rune.Value == '\\' ? @"\\"
        : !Shown.IsHidden(rune) ? rune.ToString()
        : rune.IsBmp ? FormattableString.Invariant($@"\{rune.Value:X4}")
        : FormattableString.Invariant($@"\+{rune.Value:X6}");
}

/// <summary>A table by schema and name, both unquoted.</summary>
internal sealed record TableName(string Schema, string Name)
{
    internal static TableName Of(TableLocation at) => new(at.Container, at.Table);

    /// <summary>Quoted for SQL: <c>"public"."inventory_items"</c>.</summary>
    public string Sql => $"{Identifier.Visible(Schema)}.{Identifier.Visible(Name)}";

    /// <summary>The same as <see cref="Sql"/>: a table is shown as it is written in SQL.</summary>
    public override string ToString() => Sql;
}
