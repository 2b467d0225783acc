using Kollect.Core.Formatting;

namespace Kollect.Core.Failures;

/// <summary>One reason why nothing may be written, with its remedy; neither has hidden characters.</summary>
/// <param name="What">The reason in one line, with the name of the object.</param>
/// <param name="Remedy">SQL statements or an action, in one or more lines.</param>
public sealed record Refusal(string What, string Remedy)
{
    /// <inheritdoc/>
    public string What { get; init => field = Shown.Plain(value); } = Shown.Plain(What);

    /// <inheritdoc/>
    public string Remedy { get; init => field = Shown.PlainLines(value); } = Shown.PlainLines(Remedy);
}
