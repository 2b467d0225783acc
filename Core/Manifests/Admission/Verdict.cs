using Kollect.Core.Failures;

namespace Kollect.Core.Manifests.Admission;

/// <summary>Whether an object may be stored.</summary>
/// <param name="IsAllowed">False = <paramref name="Message"/> says why not.</param>
/// <param name="Message">All problems, one line each; empty = allowed.</param>
/// <param name="Problems">The same, for programs; empty also where the request itself is at fault.</param>
/// <param name="Warnings">Shown by kubectl in any case.</param>
internal sealed record Verdict(bool IsAllowed, string Message, Seq<Problem> Problems, Seq<string> Warnings)
{
    public Verdict(ValidationResult result)
        : this(result.IsValid, Summary(result.Problems), result.Problems, result.Warnings.Map(warning => warning.ToString()).Strict())
    {
    }

    /// <summary>The object is allowed without warnings.</summary>
    public static Verdict Admitted { get; } = new(true, "", Empty, Empty);

    /// <summary>The request itself is at fault.</summary>
    public static Verdict Refused(string why) => new(false, why, Empty, Empty);

    /// <summary>The update of an object that was invalid before and whose spec it does not touch: labels, annotations and finalizers stay free.</summary>
    public Verdict Overlooked() => IsAllowed ? this : Admitted with
    {
        Warnings = Join(Problems.Map(problem => $"still invalid: {problem}"), Warnings).Strict(),
    };

    // 2 problems:
    // KDB031 spec.postgres.table: …
    private static string Summary(Seq<Problem> problems) => problems.IsEmpty ? ""
        : FormattableString.Invariant($"{problems.Count} {(problems.Count == 1 ? "problem" : "problems")}:\n") + string.Join('\n', problems);
}
