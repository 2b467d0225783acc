using Kollect.Core.Formatting;

namespace Kollect.Core.Kubernetes;

/// <summary>An event about an object, as <c>kubectl describe</c> shows it.</summary>
/// <param name="IsWarning">True = type Warning; false = type Normal.</param>
/// <param name="Reason">For programs: one CamelCase word, as in the condition.</param>
/// <param name="Note">For people: one line that contains nothing from a Secret.</param>
internal sealed record ObjectEvent(bool IsWarning, string Reason, string Note)
{
    /// <inheritdoc/>
    public string Note { get; init => field = Shown.Plain(value); } = Shown.Plain(Note);
}
