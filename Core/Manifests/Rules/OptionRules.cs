using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary><c>spec.options</c> for all backends, and for PostgreSQL, which takes any server parameter.</summary>
internal static class OptionRules
{
    /// <summary>Ours, for every backend.</summary>
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
        select new Finding(OptionPath(option.Name), $"{Shown.Quoted(option.Value)} is not possible; \"true\" leaves equal rows alone, \"false\" (default) rewrites all");

    public static IEnumerable<Finding> PostgresNotForbidden(KollectDatabaseSink sink) =>
        from option in PostgresOptions(sink)
        from forbidden in ServerParameters.Forbidden.Find(parameter => parameter.Name == option.Name.ToLowerInvariant()).AsEnumerable()
        select new Finding(OptionPath(option.Name), $"is refused: {forbidden.Why}");

    public static IEnumerable<Finding> PostgresNameIsAParameter(KollectDatabaseSink sink) =>
        from option in PostgresOptions(sink)
        where !IsParameterName(option.Name) && SecretLike.InKey(option.Name).IsNone
        select new Finding(
            OptionPath(option.Name),
            $"{Shown.Quoted(option.Name)} cannot be the name of a server parameter: letters, digits, '_' and '.' are possible, a letter or '_' first{Nearest.DidYouMean(option.Name, KnownParameters)}");

    public static IEnumerable<Finding> PostgresValueIsText(KollectDatabaseSink sink) =>
        from option in PostgresOptions(sink)
        where option.Value.Contains('\0')
        select new Finding(OptionPath(option.Name), "contains a NUL character, which PostgreSQL cannot hold");

    /// <summary>Warning: the server decides about names that we do not know, and an extension may bring its own.</summary>
    public static IEnumerable<Finding> PostgresNameIsKnown(KollectDatabaseSink sink) =>
        from option in PostgresOptions(sink)
        where !KnownParameters.Contains(option.Name.ToLowerInvariant()) && SecretLike.InKey(option.Name).IsNone
        from near in Nearest.Of(option.Name, KnownParameters).AsEnumerable()
        select new Finding(OptionPath(option.Name), $"is no server parameter that we know; did you mean {near}? The server will tell in the probe");

    /// <summary>Without ours and without those that another rule refuses.</summary>
    private static IEnumerable<(string Name, string Value)> PostgresOptions(KollectDatabaseSink sink) =>
        sink.Spec.Type == SinkType.Postgres ? Options(sink).Where(option => option.Name != SkipUnchanged) : [];

    private static bool IsParameterName(string name) =>
        name.Split('.').All(part => part.Length > 0 && !char.IsAsciiDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$'));

    private static IEnumerable<string> KnownParameters => ServerParameters.WellKnown.AsEnumerable().Append(SkipUnchanged);
}
