using System.Globalization;
using System.Text;
using Kollect.Core.Formatting;
using static Kollect.Core.Sinks.NameRules;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>Checks names against BigQuery's rules. Each method returns the objection; None = the name is valid.</summary>
internal static class BigQueryNames
{
    internal const int MaxBytes = 1024;

    /// <summary>
    /// 6..30 lower-case letters, digits and hyphens, a letter first, no hyphen last; an old project may stand below a domain,
    /// <c>example.com:project</c> (Google Cloud, "Creating and managing projects").
    /// </summary>
    public static Option<string> Project(string name)
    {
        var id = name[(name.LastIndexOf(':') + 1)..];
        var domain = name[..^id.Length];
        var valid = id.Length is >= 6 and <= 30
            && char.IsAsciiLetterLower(id[0]) && id[^1] != '-' && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            && domain.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or ':');
        return Empty(name) || (valid ? None : Some(
            $"{Shown.Quoted(name)} is no Google Cloud project id: 6 to 30 lower-case letters, digits and hyphens, a letter first, "
            + "no hyphen last (the id, not the project's display name)"));
    }

    /// <summary>Letters, digits, underscores; at most 1024 (BigQuery, "Create datasets").</summary>
    public static Option<string> Dataset(string name) =>
        Empty(name)
        || (name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? None
            : Some($"{Shown.Quoted(name)} is no BigQuery dataset: only letters, digits and underscores are possible"
                + (name.AsSpan().ContainsAny(".:") ? "; for the project use spec.bigquery.project" : "")))
        || TooLong(name, MaxBytes, "BigQuery", "");

    /// <summary><c>INFORMATION_SCHEMA</c>, which in every query means the views of the metadata (BigQuery, "Introduction to INFORMATION_SCHEMA").</summary>
    public static Option<string> OwnDataset(string name) =>
        string.Equals(name, "INFORMATION_SCHEMA", StringComparison.OrdinalIgnoreCase)
            ? $"{Shown.Quoted(name)} is the name of BigQuery's own views, which is no place for tables; name a dataset of your own"
            : None;

    /// <summary>Unicode categories L, M, N, Pc, Pd, Zs; at most 1024 bytes of UTF-8 (BigQuery, "Create and use tables").</summary>
    public static Option<string> Table(string name) =>
        Empty(name) || NotText(name)
        || (name.EnumerateRunes().All(IsTableRune)
            ? None
            : Some($"{Shown.Quoted(name)} is no BigQuery table: only letters, marks, digits, connectors (_), dashes and spaces are possible"
                + (name.Contains('.') ? "; for the dataset use spec.bigquery.dataset" : "")))
        || TooLong(name, MaxBytes, "BigQuery", "");

    /// <summary>A region or a multi-region.</summary>
    public static Option<string> Location(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? None
            : Some($"{Shown.Quoted(name)} is no location; write it as Google does, e.g. EU or europe-west3");

    private static bool IsTableRune(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.SpaceSeparator;
}
