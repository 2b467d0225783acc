using System.Globalization;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends;

/// <summary>What the histories of all backends share: <c>NAME_history</c> holds the versions of rows that exports have overwritten or deleted.</summary>
internal static class HistoryTexts
{
    /// <summary>Appended to the name of the table or collection.</summary>
    public const string Suffix = "_history";

    /// <summary>Appended to the name of the table for the view of history and present rows.</summary>
    public const string TimelineSuffix = "_timeline";

    /// <summary>The time from which on the version was in the table.</summary>
    public const string ValidFrom = "valid_from";

    /// <summary>The time at which the version was overwritten or deleted.</summary>
    public const string ValidTo = "valid_to";

    /// <summary>What ended the version.</summary>
    public const string Change = "change";

    /// <summary>An export wrote another content.</summary>
    public const string Updated = "updated";

    /// <summary>An export deleted the row.</summary>
    public const string Deleted = "deleted";

    /// <summary>An export took the row over from another cluster label.</summary>
    public const string Adopted = "adopted";

    /// <summary>The longest name with room for a suffix.</summary>
    /// <param name="name">Of the table or collection.</param>
    /// <param name="max">The longest name, in bytes of UTF-8.</param>
    /// <param name="suffix">The longest that is appended.</param>
    /// <param name="backend">In words.</param>
    public static Option<string> NameProblem(string name, int max, string suffix, string backend) =>
        NameRules.TooLong(name, max - suffix.Length, backend, $", because options.history appends {suffix} and a name has at most {max}");

    /// <summary>The columns and fields that a history has besides those of the row, in words.</summary>
    public static Seq<(string Name, string Meaning)> Columns { get; } = Seq(
        (ValidFrom, "The time from which on the version was in the table: its exported_at, in UTC."),
        (ValidTo, "The time of the export that overwrote or deleted it, in UTC; in the timeline absent (null) for a row that is there now."),
        (Change, "What ended the version: updated, deleted, or adopted (the row was taken over from another cluster label)."));

    /// <summary>What one of these columns means.</summary>
    public static string Of(string name) => Columns.Find(it => it.Name == name).Map(it => it.Meaning).IfNone("As in the rows.");

    /// <summary>How long versions are kept, in words.</summary>
    public static string Kept(HistorySettings settings) => settings.Keep.Match(
        keep => string.Create(CultureInfo.InvariantCulture, $"versions are kept for {(keep.Hours == 0 ? $"{keep.Days} days" : GoDuration.Format(keep))}"),
        () => "versions are kept for ever");
}
