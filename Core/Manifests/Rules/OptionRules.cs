using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>spec.options</c> of all backends.</summary>
internal static class OptionRules
{
    /// <summary>The option of Kollect itself, for every backend.</summary>
    public const string SkipUnchanged = "skip_unchanged";

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
            $"{Shown.Quoted(option.Value)} is not possible; \"true\" leaves equal rows alone, \"false\" (default) rewrites all");
}
