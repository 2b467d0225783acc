using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Validation;

/// <summary>
/// The one validation of a sink, for the command line, the webhook and the reconcile loop. Never throws, and always gives the same
/// answer in the same order.
/// </summary>
public static class SinkValidation
{
    /// <summary>All problems and warnings at once. A path that the schema objects to, or one below it, is not objected to again by a rule,
    /// nor one with a problem by a warning.</summary>
    /// <param name="sink">As it was read.</param>
    /// <param name="structural">What the reader and the schema found.</param>
    public static ValidationResult Validate(KollectDatabaseSink sink, Seq<StructuralProblem> structural)
    {
        var bySchema = structural.AsEnumerable().Select(problem => new Problem(StructuralIds.Of(problem.Kind), problem.Path, problem.Message)).ToArray();
        var problems = bySchema.Concat(Except(bySchema, Findings(RuleTable.Problems, sink))).ToArray();
        return new ValidationResult(Ordered(problems), Ordered(Except(problems, Findings(RuleTable.Warnings, sink))));
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

    private static IEnumerable<Problem> Findings(Seq<Rule> rules, KollectDatabaseSink sink) =>
        rules.AsEnumerable().SelectMany(rule => rule.Check(sink).Select(finding => new Problem(rule.Id, finding.Path, finding.Message)));

    private static Seq<Problem> Ordered(IEnumerable<Problem> problems) =>
        problems.OrderBy(problem => problem.Path, StringComparer.Ordinal).ThenBy(problem => problem.Id, StringComparer.Ordinal)
            .ThenBy(problem => problem.Message, StringComparer.Ordinal).ToSeq();
}
