using Kollect.Core.Failures;

namespace Kollect.Core.Manifests;

/// <summary>All problems and warnings of one manifest, by path, then id.</summary>
/// <param name="Problems">Empty = the manifest is valid.</param>
/// <param name="Warnings">They do not prevent an export.</param>
internal sealed record ValidationResult(Seq<Problem> Problems, Seq<Problem> Warnings)
{
    /// <summary>True = there is no problem; there may be warnings.</summary>
    public bool IsValid => Problems.IsEmpty;
}
