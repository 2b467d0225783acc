using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;
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
