namespace Kollect.Core.Manifests;

/// <summary>One rule: one function, one id, one line in <see cref="RuleTable"/>.</summary>
/// <typeparam name="T">The manifest in its wire shape, or the part that several kinds have in common.</typeparam>
/// <param name="Id">Never reused.</param>
/// <param name="Title">What it demands, for the table in the documentation.</param>
/// <param name="Check">All places that break it; total over any manifest that could be read.</param>
internal sealed record Rule<T>(string Id, string Title, Func<T, IEnumerable<Finding>> Check);

/// <summary>Where a rule is broken, and how.</summary>
/// <param name="Path">As Kubernetes writes it.</param>
/// <param name="Message">Value, limit with unit, consequence, nearest allowed value.</param>
internal sealed record Finding(string Path, string Message);
