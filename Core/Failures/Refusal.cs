namespace Kollect.Core.Failures;

/// <summary>One reason why nothing may be written, with the way out.</summary>
/// <param name="What">One line; names the object.</param>
/// <param name="Remedy">SQL or an action; may have several lines.</param>
public sealed record Refusal(string What, string Remedy);
