using Kollect.Core.Failures;

namespace Kollect.Core.Sinks;

/// <summary>What is done about one view.</summary>
/// <param name="Name">As the backend writes it in full.</param>
/// <param name="Target">The target whose rows it shows: <c>platform/deployments</c>.</param>
/// <param name="Remarks">Names that were changed, one line each.</param>
internal sealed record ViewPlan(string Name, string Target, ViewStep Step, Seq<string> Remarks);

/// <summary>The step that makes a view what it should be. Closed.</summary>
internal abstract record ViewStep
{
    private ViewStep() { }

    /// <summary>It is there already.</summary>
    public sealed record Unchanged : ViewStep;

    /// <summary>Run these in order, in one transaction where the backend has some.</summary>
    public sealed record Change(Seq<Statement> Statements) : ViewStep;

    /// <summary>Nothing may be done, and why.</summary>
    public sealed record Refused(Refusal Refusal) : ViewStep;
}
