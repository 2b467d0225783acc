using System.Globalization;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>spec.options</c> of BigQuery: a closed list.</summary>
internal static class BigQueryOptionRules
{
    private const string Label = "label.";
    private const int MaxLabelLength = 63;

    private static readonly Dictionary<string, Func<string, Option<string>>> Known = new(StringComparer.Ordinal)
    {
        ["priority"] = value => value is "INTERACTIVE" or "BATCH" ? None : "INTERACTIVE and BATCH are possible",
        ["maximum_bytes_billed"] = value => Positive(value, "bytes"),
        ["job_timeout_ms"] = value => Positive(value, "milliseconds"),
        ["staging_dataset"] = BigQueryNames.Dataset,
        [OptionRules.SkipUnchanged] = _ => None,
    };

    public static IEnumerable<Finding> NameIsKnown(KollectDatabaseSink sink) =>
        from option in Of(sink)
        where !Known.ContainsKey(option.Name) && !option.Name.StartsWith(Label, StringComparison.Ordinal) && SecretLike.InKey(option.Name).IsNone
        select new Finding(
            OptionPath(option.Name),
            $"is no option of BigQuery{Nearest.DidYouMean(option.Name, Known.Keys)} Possible are {string.Join(", ", Known.Keys)} and label.<key>");

    public static IEnumerable<Finding> ValueIsPossible(KollectDatabaseSink sink) =>
        from option in Of(sink)
        from why in (Known.TryGetValue(option.Name, out var check) ? check(option.Value.Trim()) : None).AsEnumerable()
        select new Finding(OptionPath(option.Name), $"{Shown.Quoted(option.Value)}: {why}");

    /// <summary>BigQuery, "Requirements for labels": at most 63 lower-case letters, digits, <c>_</c> and <c>-</c>; the key begins with a letter.</summary>
    public static IEnumerable<Finding> LabelIsPossible(KollectDatabaseSink sink) =>
        from option in Of(sink)
        where option.Name.StartsWith(Label, StringComparison.Ordinal)
        let key = option.Name[Label.Length..]
        where key.Length == 0 || !char.IsLetter(key[0]) || !IsLabel(key) || !IsLabel(option.Value.Trim())
        select new Finding(
            OptionPath(option.Name),
            $"{Shown.Quoted(key)}={Shown.Quoted(option.Value)} is no label: at most {MaxLabelLength} lower-case letters, digits, '_' and '-' each, the key begins with a letter");

    private static IEnumerable<(string Name, string Value)> Of(KollectDatabaseSink sink) =>
        sink.Spec.Type == SinkType.Bigquery ? Options(sink) : [];

    private static bool IsLabel(string text) =>
        text.Length <= MaxLabelLength && text.All(c => (char.IsLetterOrDigit(c) && !char.IsUpper(c)) || c is '_' or '-');

    private static Option<string> Positive(string value, string unit) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? None
            : $"a whole number of {unit}, 1 or more, is possible";
}
