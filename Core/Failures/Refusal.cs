namespace Kollect.Core.Failures;

/// <summary>One reason why nothing may be written, with its remedy.</summary>
/// <param name="What">The reason in one line, with the name of the object.</param>
/// <param name="Remedy">SQL statements or an action, in one or more lines.</param>
public sealed record Refusal(string What, string Remedy);
