using Kollect.Models;
using static Kollect.Models.StructuralProblemKind;

namespace Kollect.Core.Manifests;

/// <summary>The ids of the problems that the schema finds in a manifest, KDB001 to KDB019.</summary>
internal static class StructuralIds
{
    private static readonly Seq<(StructuralProblemKind Kind, RuleText Text)> Table = Seq(
        Row(UnknownField, "KDB001", "a field is known", "Correct the name of the field, or remove it: the operator would not read it."),
        Row(MissingRequired, "KDB002", "a required field is set", "Add the field."),
        Row(WrongType, "KDB003", "a value has the type of its field", "Write the type that the message names; text that looks like a number needs quotes."),
        Row(NotInEnum, "KDB004", "a value is one of those that are listed", "Use one of the values in the message, spelled as there."),
        Row(PatternMismatch, "KDB005", "a text matches its pattern", "Write a text that matches the regular expression in the message."),
        Row(TooLong, "KDB006", "a text is not too long", "Shorten the text."),
        Row(TooShort, "KDB007", "a text is not too short", "Write a longer text; a field that may be empty can be left out."),
        Row(TooMany, "KDB008", "a list has not too many items", "Remove items, or make a second object of them."),
        Row(TooFew, "KDB009", "a list has enough items", "Add an item."),
        Row(OutOfRange, "KDB010", "a number is in its range", "Choose a number of the range in the message."),
        Row(BadFormat, "KDB011", "bytes are base64, and times RFC 3339", "Encode bytes by base64 -w0 FILE; write times as 2026-01-31T12:00:00Z."),
        Row(DuplicateField, "KDB012", "a field is given once", "Remove one of the two: only the last one would count."),
        Row(MalformedJson, "KDB013", "the document is readable", "Correct the document at the position that the message names."));

    /// <summary>Each in words.</summary>
    public static Seq<RuleText> Texts => Table.Map(row => row.Text);

    public static string Of(StructuralProblemKind kind) => Table.Find(row => row.Kind == kind).Match(
        row => row.Text.Id, () => throw new System.Diagnostics.UnreachableException());

    private static (StructuralProblemKind Kind, RuleText Text) Row(StructuralProblemKind kind, string id, string title, string remedy) =>
        (kind, new RuleText(id, title, remedy, IsWarning: false));
}
