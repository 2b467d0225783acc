using Kollect.Core.Models;
using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Manifests;

/// <summary>
/// The one validation of inventories, profiles and targets, for the command line, the webhook and the reconcile loop; that of sinks is
/// <see cref="SinkValidation"/>. All problems and warnings at once. Never throws, and always gives the same answer in the same order.
/// </summary>
public static class ManifestValidation
{
    /// <summary>Of an inventory of one namespace.</summary>
    /// <param name="inventory">As it was read.</param>
    /// <param name="structural">What the reader and the schema found.</param>
    public static ValidationResult Validate(KollectInventory inventory, Seq<StructuralProblem> structural) =>
        RuleTable.Inventories.Validate(InventoryParts.Of(inventory), structural);

    /// <summary>Of an inventory of the cluster.</summary>
    /// <param name="inventory">As it was read.</param>
    /// <param name="structural">What the reader and the schema found.</param>
    public static ValidationResult Validate(KollectClusterInventory inventory, Seq<StructuralProblem> structural) =>
        RuleTable.Inventories.Validate(InventoryParts.Of(inventory), structural);

    /// <summary>Of a profile.</summary>
    /// <param name="profile">As it was read.</param>
    /// <param name="structural">What the reader and the schema found.</param>
    public static ValidationResult Validate(KollectProfile profile, Seq<StructuralProblem> structural) => RuleTable.Profiles.Validate(profile, structural);

    /// <summary>Of a target of one namespace.</summary>
    /// <param name="target">As it was read.</param>
    /// <param name="structural">What the reader and the schema found.</param>
    public static ValidationResult Validate(KollectTarget target, Seq<StructuralProblem> structural) =>
        RuleTable.Targets.Validate(TargetParts.Of(target), structural);

    /// <summary>Of a target of the cluster.</summary>
    /// <param name="target">As it was read.</param>
    /// <param name="structural">What the reader and the schema found.</param>
    public static ValidationResult Validate(KollectClusterTarget target, Seq<StructuralProblem> structural) =>
        RuleTable.Targets.Validate(TargetParts.Of(target), structural);
}
