using Kollect.Core.Failures;
using Kollect.Models;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests;

/// <summary>
/// The one validation of inventories, profiles, targets and scopes, for the command line, the webhook and the reconcile loop; that of sinks is
/// <see cref="SinkValidation"/>. All problems and warnings at once. Never throws, and always gives the same answer in the same order.
/// </summary>
internal static class ManifestValidation
{
    /// <summary>The problems of the name and namespace of any object, e.g. a Secret.</summary>
    public static Seq<Problem> OfMetadata(ObjectMeta metadata) => RuleTable.Metadata
        .Bind(rule => rule.Check(metadata).Select(finding => new Problem(rule.Id, finding.Path, finding.Message)).ToSeq()).Strict();

    /// <summary>Validates an inventory of one namespace.</summary>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public static ValidationResult Validate(KollectInventory inventory, ModelList<StructuralProblem> structural) =>
        RuleTable.Inventories.Validate(InventoryParts.Of(inventory), inventory.Metadata, structural);

    /// <summary>Validates an inventory of the cluster.</summary>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public static ValidationResult Validate(KollectClusterInventory inventory, ModelList<StructuralProblem> structural) =>
        RuleTable.Inventories.Validate(InventoryParts.Of(inventory), inventory.Metadata, structural);

    /// <summary>Validates a profile.</summary>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public static ValidationResult Validate(KollectProfile profile, ModelList<StructuralProblem> structural) =>
        RuleTable.Profiles.Validate(profile, profile.Metadata, structural);

    /// <summary>Validates a target of one namespace.</summary>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public static ValidationResult Validate(KollectTarget target, ModelList<StructuralProblem> structural) =>
        RuleTable.Targets.Validate(TargetParts.Of(target), target.Metadata, structural);

    /// <summary>Validates a target of the cluster.</summary>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public static ValidationResult Validate(KollectClusterTarget target, ModelList<StructuralProblem> structural) =>
        RuleTable.Targets.Validate(TargetParts.Of(target), target.Metadata, structural);

    /// <summary>Validates a scope of one namespace.</summary>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public static ValidationResult Validate(KollectScope scope, ModelList<StructuralProblem> structural) =>
        RuleTable.Scopes.Validate(ScopeParts.Of(scope), scope.Metadata, structural);

    /// <summary>Validates a scope of the cluster.</summary>
    /// <param name="structural">The problems of the reader and the schema.</param>
    public static ValidationResult Validate(KollectClusterScope scope, ModelList<StructuralProblem> structural) =>
        RuleTable.Scopes.Validate(ScopeParts.Of(scope), scope.Metadata, structural);
}
