using Kollect.Core.Failures;
using Kollect.Models;

namespace Kollect.Core.Manifests;

/// <summary>The rules of one kind of manifest. Never throws, and always gives the same answer in the same order.</summary>
/// <param name="Problems">The rules that a usable manifest meets.</param>
/// <param name="Warnings">Valid settings with a possibly unexpected effect.</param>
internal sealed record RuleSet<T>(Seq<Rule<T>> Problems, Seq<Rule<T>> Warnings)
{
    /// <summary>Each rule without its check, in the order of the table.</summary>
    public Seq<RuleText> Texts => Join(Problems.Map(rule => rule.Text(isWarning: false)), Warnings.Map(rule => rule.Text(isWarning: true)));

    /// <summary>All problems and warnings at once. A path that the schema objects to, or one below it, is not objected to again by a rule,
    /// nor one with a problem by a warning.</summary>
    /// <param name="metadata">Of the manifest; the rules for it are those of all kinds.</param>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public ValidationResult Validate(T manifest, ObjectMeta metadata, ModelList<StructuralProblem> structural)
    {
        var bySchema = structural.Select(problem => new Problem(StructuralIds.Of(problem.Kind), problem.Path, problem.Message)).ToArray();
        var problems = bySchema
            .Concat(Except(bySchema, Findings(RuleTable.Metadata, metadata).Concat(Findings(Problems, manifest)))).ToArray();
        return new ValidationResult(Ordered(problems), Ordered(Except(problems, Findings(Warnings, manifest))));
    }

    private static IEnumerable<Problem> Except(Problem[] earlier, IEnumerable<Problem> later)
    {
        var objected = earlier.Select(problem => problem.Path).ToHashSet(StringComparer.Ordinal);
        return later.Where(problem => !Ancestry(problem.Path).Any(objected.Contains));
    }

    /// <summary><c>spec.options[a]</c>, <c>spec.options</c>, <c>spec</c>.</summary>
    private static IEnumerable<string> Ancestry(string path)
    {
        for (var end = path.Length; end > 0; end = path.AsSpan(0, end).LastIndexOfAny('.', '['))
            yield return path[..end];
    }

    private static IEnumerable<Problem> Findings<M>(Seq<Rule<M>> rules, M manifest) =>
        rules.AsEnumerable().SelectMany(rule => rule.Check(manifest).Select(finding => new Problem(rule.Id, finding.Path, finding.Message)));

    private static Seq<Problem> Ordered(IEnumerable<Problem> problems) =>
        problems.OrderBy(problem => problem.Path, StringComparer.Ordinal).ThenBy(problem => problem.Id, StringComparer.Ordinal)
            .ThenBy(problem => problem.Message, StringComparer.Ordinal).ToSeq();
}
