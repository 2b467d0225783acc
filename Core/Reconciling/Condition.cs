using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Reconciling;

/// <summary>What a condition says, before it is known since when.</summary>
/// <param name="Type">In CamelCase: <c>Ready</c>.</param>
/// <param name="Status">Whether it holds.</param>
/// <param name="Reason">For programs: one CamelCase word.</param>
/// <param name="Message">For people: one line, free of anything from a Secret.</param>
public sealed record Condition(string Type, KollectConditionStatus Status, string Reason, string Message);
