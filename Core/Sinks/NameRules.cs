using System.Globalization;
using System.Text;
using Kollect.Core.Formatting;

namespace Kollect.Core.Sinks;

/// <summary>Which names a backend stores exactly as written. Each answers why not; None = the name will do.</summary>
public static class NameRules
{
    internal const int PostgresMaxBytes = 63; // PostgreSQL manual 4.1.1, NAMEDATALEN - 1
    private const int MongoDbDatabaseMaxBytes = 63;
    private const int MongoDbNamespaceMaxBytes = 255;
    private const int BigQueryMaxBytes = 1024;

    /// <summary>
    /// Schema or table: 1..63 bytes of UTF-8 without NUL (PostgreSQL manual 4.1.1). A longer name would be cut silently.
    /// </summary>
    public static Option<string> Postgres(string name) =>
        Empty(name) || NotText(name) || TooLong(name, PostgresMaxBytes, "PostgreSQL", "; PostgreSQL would cut it silently");

    /// <summary>MongoDB manual, "Naming Restrictions": at most 63 bytes, none of <c>/\. "$*&lt;&gt;:|?</c> or NUL.</summary>
    public static Option<string> MongoDbDatabase(string name) =>
        Empty(name) || NotText(name) || Contains(name, "/\\. \"$*<>:|?", "a MongoDB database name") || TooLong(name, MongoDbDatabaseMaxBytes, "MongoDB", "");

    /// <summary>MongoDB manual, "Naming Restrictions": no <c>$</c> or NUL, not <c>system.</c>; with its database at most 255 bytes.</summary>
    public static Option<string> MongoDbCollection(string database, string name) =>
        Empty(name) || NotText(name) || Contains(name, "$", "a MongoDB collection name")
        || (name.StartsWith("system.", StringComparison.Ordinal) ? Some($"{Shown.Quoted(name)} begins with system., which MongoDB keeps for itself") : None)
        || (name.StartsWith('.') || name.EndsWith('.') || name.Contains("..", StringComparison.Ordinal) ? Some($"{Shown.Quoted(name)} has an empty part between dots, which MongoDB refuses") : None)
        || TooLong($"{database}.{name}", MongoDbNamespaceMaxBytes, "MongoDB for database.collection", "");

    /// <summary>
    /// 6..30 lower-case letters, digits and hyphens, a letter first, no hyphen last; an old project may stand below a domain,
    /// <c>example.com:project</c> (Google Cloud, "Creating and managing projects").
    /// </summary>
    public static Option<string> BigQueryProject(string name)
    {
        var id = name[(name.LastIndexOf(':') + 1)..];
        var domain = name[..^id.Length];
        var valid = id.Length is >= 6 and <= 30
            && char.IsAsciiLetterLower(id[0]) && id[^1] != '-' && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && domain.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':');
        return Empty(name) || (valid ? None : Some(
            $"{Shown.Quoted(name)} is no Google Cloud project id: 6 to 30 lower-case letters, digits and hyphens, a letter first, no hyphen last (the id, not the project's display name)"));
    }

    /// <summary>Letters, digits, underscores; at most 1024 (BigQuery, "Create datasets").</summary>
    public static Option<string> BigQueryDataset(string name) =>
        Empty(name)
        || (name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? None : Some($"{Shown.Quoted(name)} is no BigQuery dataset: only letters, digits and underscores are possible"))
        || TooLong(name, BigQueryMaxBytes, "BigQuery", "");

    /// <summary>Unicode categories L, M, N, Pc, Pd, Zs; at most 1024 bytes of UTF-8 (BigQuery, "Create and use tables").</summary>
    public static Option<string> BigQueryTable(string name) =>
        Empty(name) || NotText(name)
        || (name.EnumerateRunes().All(IsBigQueryTableRune) ? None : Some($"{Shown.Quoted(name)} is no BigQuery table: only letters, marks, digits, connectors (_), dashes and spaces are possible"))
        || TooLong(name, BigQueryMaxBytes, "BigQuery", "");

    private static bool IsBigQueryTableRune(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.SpaceSeparator;

    private static Option<string> Empty(string name) => name.Length == 0 ? "is empty" : None;

    /// <summary>NUL, and half a surrogate pair, which UTF-8 cannot hold.</summary>
    private static Option<string> NotText(string name) =>
        name.Contains('\0') ? $"{Shown.Quoted(name)} contains a NUL character"
        : name.EnumerateRunes().Contains(Rune.ReplacementChar) ? Some($"{Shown.Quoted(name)} contains half a surrogate pair or U+FFFD")
        : None;

    private static Option<string> Contains(string name, string forbidden, string what) =>
        name.AsSpan().IndexOfAny(forbidden) is var index and >= 0 ? $"{Shown.Quoted(name)}: '{name[index]}' cannot stand in {what}" : None;

    private static Option<string> TooLong(string name, int max, string whose, string consequence) =>
        Encoding.UTF8.GetByteCount(name) is var bytes && bytes > max
            ? Some($"{Shown.Quoted(name)} has {bytes} bytes in UTF-8, the limit of {whose} is {max} bytes{consequence}")
            : None;
}
