using Kollect.Core.Formatting;

namespace Kollect.Core.Backends.BigQuery;

/// <summary><c>spec.options</c> that jobs carry: a closed list, and labels.</summary>
internal static class KnownOptions
{
    /// <summary>Before the key of a label.</summary>
    public const string Label = "label.";

    private const int MaxLabelLength = 63;

    /// <summary>A day, as long as an export can be. BigQuery, "Quotas and limits": it ends a query and a load job after six hours.</summary>
    private const int LongestJob = 86_400_000;

    private static readonly Seq<KnownOption> All = Seq(
        new KnownOption(
            "priority", "INTERACTIVE, BATCH", "INTERACTIVE", "When BigQuery runs the jobs: INTERACTIVE at once, BATCH when slots are idle.",
            value => value is "INTERACTIVE" or "BATCH" ? None : "INTERACTIVE and BATCH are possible"),
        new KnownOption( // REST API, JobConfigurationQuery: int64
            "maximum_bytes_billed", new NumberRange(1, long.MaxValue, "bytes"), "no limit", "A job that would bill more fails without a charge."),
        new KnownOption("job_timeout_ms", new NumberRange(1, LongestJob, "milliseconds"), "BigQuery's own, 6 hours", "BigQuery ends a job after this time."),
        new KnownOption(
            "staging_dataset", "the name of a dataset in the same project and location", "the dataset of the table; none in mode existing",
            "Where the staging table of an export above 9 MB is created.", BigQueryNames.Dataset));

    /// <summary>Each in words, labels last.</summary>
    public static Seq<OptionText> Texts => All.Map(option => option.Text).Add(new OptionText(
        $"{Label}<key>", $"at most {MaxLabelLength} lower-case letters, digits, _ and -", "no label", "A label of each job, for the bill."));

    public static IEnumerable<string> Names => All.Map(option => option.Text.Name);

    public static bool IsLabel(string name) => name.StartsWith(Label, StringComparison.Ordinal);

    /// <summary>The objection to the value of a known option; None = a valid value, or an unknown option.</summary>
    public static Option<string> ValueProblem(string name, string value) =>
        All.Find(option => option.Text.Name == name).Bind(option => option.Problem(value));

    /// <summary>BigQuery, "Requirements for labels": at most 63 lower-case letters, digits, <c>_</c> and <c>-</c>; the key begins with a letter.</summary>
    public static Option<string> LabelProblem(string name, string value)
    {
        if (!IsLabel(name))
            return None;
        var key = name[Label.Length..];
        return key.Length > 0 && char.IsLetter(key[0]) && IsLabelText(key) && IsLabelText(value.Trim())
            ? None
            : $"{Shown.Quoted(key)}={Shown.Quoted(value)} is no label: "
                + $"at most {MaxLabelLength} lower-case letters, digits, '_' and '-' each, the key begins with a letter";
    }

    private static bool IsLabelText(string text) =>
        text.Length <= MaxLabelLength && text.All(c => (char.IsLetterOrDigit(c) && !char.IsUpper(c)) || c is '_' or '-');
}
