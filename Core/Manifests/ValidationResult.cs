using Kollect.Core.Failures;

namespace Kollect.Core.Manifests;

/// <summary>Everything that is wrong with, and noteworthy about, one sink; by path, then id.</summary>
/// <param name="Problems">Empty = the sink can be used.</param>
/// <param name="Warnings">Do not stop anything.</param>
public sealed record ValidationResult(Seq<Problem> Problems, Seq<Problem> Warnings)
{
    /// <summary>No problem; there may be warnings.</summary>
    public bool IsValid => Problems.IsEmpty;
}
