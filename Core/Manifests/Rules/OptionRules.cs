using Kollect.Core.Backends;
using Kollect.Core.Formatting;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>spec.options</c> of all backends.</summary>
internal static class OptionRules
{
    /// <summary>Option of Kollect itself, for every backend.</summary>
    public const string SkipUnchanged = "skip_unchanged";

    /// <summary>Option of Kollect itself, for backends with a ledger.</summary>
    public const string Ledger = "ledger";

    /// <inheritdoc cref="Ledger"/>
    public const string LedgerKeep = "ledger_keep";

    /// <summary>Option of Kollect itself, for PostgreSQL: a history of rows.</summary>
    public const string History = "history";

    /// <inheritdoc cref="History"/>
    public const string HistoryKeep = "history_keep";

    /// <summary>The options of Kollect itself in words; which backend has which: <see cref="Blocks.BackendBlock.OwnOptions"/>.</summary>
    public static Seq<OptionText> Texts { get; } = Seq(
        new OptionText(
            SkipUnchanged, "true, false", "true where the destination has a ledger, else false",
            "Rows that are equal to what is stored are not written again and keep their exported_at; false writes all rows with each export in full."),
        new OptionText(
            Ledger, "true, false", "true", "The table or collection kollect_exports is kept; without it no export can send only what has changed."),
        new OptionText(
            LedgerKeep, "days as 90d or a duration as 12h, from 1h to 36500d", "90d",
            "Entries of the ledger that are older are deleted, except for the newest of an inventory and cluster."),
        new OptionText(
            History, "true, false", "false",
            "The version of a row that an export overwrites or deletes is kept in NAME_history, with valid_from, valid_to and change; implies skip_unchanged."),
        new OptionText(
            HistoryKeep, "days as 90d or a duration as 12h, from 1h to 36500d", "for ever",
            "Versions that ended longer ago are deleted from the history."));

    public static IEnumerable<Finding> NoSecretInKey(KollectDatabaseSink sink) =>
        from option in Options(sink)
        from part in SecretLike.InKey(option.Name).AsEnumerable()
        select new Finding(OptionPath(option.Name), $"looks like a secret (it contains {part}), and manifests are no place for secrets; use secretRef");

    public static IEnumerable<Finding> NoSecretInValue(KollectDatabaseSink sink) =>
        from option in Options(sink)
        from what in SecretLike.InValue(option.Value).AsEnumerable()
        select new Finding(OptionPath(option.Name), $"carries {what}, and manifests are no place for secrets; use secretRef");

    public static IEnumerable<Finding> SkipUnchangedIsBoolean(KollectDatabaseSink sink) =>
        from option in Options(sink)
        where option.Name == SkipUnchanged && option.Value.Trim() is not ("true" or "false")
        select new Finding(
            OptionPath(option.Name),
            $"{Shown.Quoted(option.Value)} is not possible; \"true\" leaves equal rows alone (default where a ledger is), \"false\" rewrites all");

    public static IEnumerable<Finding> LedgerIsBoolean(KollectDatabaseSink sink) =>
        from option in Options(sink)
        where option.Name == Ledger && option.Value.Trim() is not ("true" or "false")
        select new Finding(
            OptionPath(option.Name),
            $"{Shown.Quoted(option.Value)} is not possible; \"true\" (default) keeps a ledger of exports, \"false\" keeps none: every export is in full");

    public static IEnumerable<Finding> HistoryIsBoolean(KollectDatabaseSink sink) =>
        from option in Options(sink)
        where option.Name == History && option.Value.Trim() is not ("true" or "false")
        select new Finding(
            OptionPath(option.Name),
            $"{Shown.Quoted(option.Value)} is not possible; \"true\" keeps the versions that exports overwrite or delete, \"false\" (default) keeps none");

    public static IEnumerable<Finding> HistoryKeepIsADuration(KollectDatabaseSink sink) =>
        from option in Options(sink)
        where option.Name == HistoryKeep && Manifests.LedgerKeep.Parse(option.Value.Trim()).IsNone
        select new Finding(
            OptionPath(option.Name),
            $"{Shown.Quoted(option.Value)} is not possible; write days, \"90d\", or a Go duration, \"12h\"; 1h to 36500d are possible; "
                + "without the option versions are kept for ever");

    public static IEnumerable<Finding> HistorySkipsUnchanged(KollectDatabaseSink sink) =>
        Is(sink, History, "true") && Is(sink, SkipUnchanged, "false")
            ? [new Finding(
                OptionPath(SkipUnchanged),
                "\"false\" contradicts options.history, which implies it: every export would end a version of every row, also of those that did not change")]
            : [];

    /// <summary>For a backend that keeps no history: it says so itself, instead of an option that is not known.</summary>
    public static Option<string> NoHistory(string name, string instead) => name is History or HistoryKeep ? instead : Option<string>.None;

    /// <summary>True = the sink asks for a history.</summary>
    public static bool KeepsHistory(KollectDatabaseSinkSpec spec) =>
        spec.Options.Any(option => option.Key == History && option.Value.Trim() == "true");

    private static bool Is(KollectDatabaseSink sink, string name, string value) =>
        Options(sink).Any(option => option.Name == name && option.Value.Trim() == value);

    public static IEnumerable<Finding> LedgerKeepIsADuration(KollectDatabaseSink sink) =>
        from option in Options(sink)
        where option.Name == LedgerKeep && Manifests.LedgerKeep.Parse(option.Value.Trim()).IsNone
        select new Finding(OptionPath(option.Name), $"{Shown.Quoted(option.Value)} is not possible; {Manifests.LedgerKeep.Range}");
}
