namespace Kollect.Core.Manifests;

/// <summary>One rule: one function, one id, one line in <see cref="RuleTable"/>.</summary>
/// <typeparam name="T">The manifest in its wire shape, or the part that several kinds have in common.</typeparam>
/// <param name="Id">Never reused.</param>
/// <param name="Title">The requirement, for the table in the documentation.</param>
/// <param name="Check">All violations; never throws: every readable manifest has a result.</param>
internal sealed record Rule<T>(string Id, string Title, Func<T, IEnumerable<Finding>> Check);

/// <summary>A violation of a rule.</summary>
/// <param name="Path">In the notation of Kubernetes.</param>
/// <param name="Message">Value, limit with unit, consequence, nearest allowed value.</param>
internal sealed record Finding(string Path, string Message);
