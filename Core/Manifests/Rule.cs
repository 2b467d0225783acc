namespace Kollect.Core.Manifests;

/// <summary>One rule: one function, one id, one line in <see cref="RuleTable"/>.</summary>
/// <typeparam name="T">The manifest in its wire shape, or the part that several kinds have in common.</typeparam>
/// <param name="Id">Never reused.</param>
/// <param name="Title">The requirement; of a warning, what was found.</param>
/// <param name="Remedy">What the author of the manifest can do, one sentence.</param>
/// <param name="Check">All violations; never throws: every readable manifest has a result.</param>
internal sealed record Rule<T>(string Id, string Title, string Remedy, Func<T, IEnumerable<Finding>> Check)
{
    /// <summary>The rule without its check.</summary>
    public RuleText Text(bool isWarning) => new(Id, Title, Remedy, isWarning);
}

/// <summary>A rule in words.</summary>
/// <param name="Title">See <see cref="Rule{T}"/>.</param>
/// <param name="IsWarning">True = a manifest that breaks it is valid.</param>
internal sealed record RuleText(string Id, string Title, string Remedy, bool IsWarning);

/// <summary>A violation of a rule.</summary>
/// <param name="Path">In the notation of Kubernetes.</param>
/// <param name="Message">Value, limit with unit, consequence, nearest allowed value.</param>
internal sealed record Finding(string Path, string Message);
