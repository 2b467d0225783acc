using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests;

/// <summary>
/// The one validation of a sink, for the command line, the webhook and the reconcile loop. Never throws, and always gives the same
/// answer in the same order.
/// </summary>
internal static class SinkValidation
{
    /// <summary>All problems and warnings at once. A path that the schema objects to, or one below it, is not objected to again by a rule,
    /// nor one with a problem by a warning.</summary>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public static ValidationResult Validate(KollectDatabaseSink sink, ModelList<StructuralProblem> structural) =>
        RuleTable.Sinks.Validate(sink, sink.Metadata, structural);
}
