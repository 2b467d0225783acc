using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Exports;

/// <summary>The result of making views. Closed.</summary>
internal abstract record ViewsResult
{
    private ViewsResult() { }

    /// <summary>Each change was made; a refusal of one view does not keep the others from being made.</summary>
    public sealed record Applied(Seq<ViewPlan> Views) : ViewsResult;

    /// <summary>The destination could not be reached, or failed; the views that were made before it stay.</summary>
    public sealed record Failed(Failure Failure) : ViewsResult;
}
