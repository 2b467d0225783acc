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

    /// <summary>The options of Kollect itself in words; which backend has which: <see cref="Blocks.BackendBlock.OwnOptions"/>.</summary>
    public static Seq<OptionText> Texts { get; } = Seq(
        new OptionText(
            SkipUnchanged, "true, false", "true where the destination has a ledger, else false",
            "Rows that are equal to what is stored are not written again and keep their exported_at; false writes all rows with each export in full."),
        new OptionText(
            Ledger, "true, false", "true", "The table or collection kollect_exports is kept; without it no export can send only what has changed."),
        new OptionText(
            LedgerKeep, "days as 90d or a duration as 12h, from 1h to 36500d", "90d",
            "Entries of the ledger that are older are deleted, except for the newest of an inventory and cluster."));

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

    public static IEnumerable<Finding> LedgerKeepIsADuration(KollectDatabaseSink sink) =>
        from option in Options(sink)
        where option.Name == LedgerKeep && Manifests.LedgerKeep.Parse(option.Value.Trim()).IsNone
        select new Finding(OptionPath(option.Name), $"{Shown.Quoted(option.Value)} is not possible; {Manifests.LedgerKeep.Range}");
}
