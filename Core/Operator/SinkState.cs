namespace Kollect.Core.Operator;

/// <summary>What an operator remembers of a sink between two decisions; lost with the process, and then found again by a probe.</summary>
/// <param name="Last">None = not probed by this process.</param>
/// <param name="IsTestRequestMet">The annotation that is there now has had its probe.</param>
public sealed record SinkState(Option<ProbeRecord> Last, bool IsTestRequestMet)
{
    /// <summary>Of a sink that is observed for the first time.</summary>
    public static SinkState Initial { get; } = new(None, IsTestRequestMet: false);

    /// <summary>The last probe failed: the next one may well hang.</summary>
    public bool HasFailed => Last.Exists(last => last.FailuresInARow > 0);
}

/// <summary>One probe that has ended.</summary>
/// <param name="Of">What was probed.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="FailuresInARow">Failed probes of the same state, this one included; 0 = it succeeded.</param>
/// <param name="RetryAt">None = only a change leads to another probe.</param>
public sealed record ProbeRecord(ProbedState Of, Situation Outcome, int FailuresInARow, Option<DateTimeOffset> RetryAt);

/// <summary>All that a probe depends on besides the server: when it is equal, a success still holds.</summary>
/// <param name="Uid">Of the sink: another one of its name is another sink.</param>
/// <param name="Generation">Of the spec.</param>
/// <param name="SecretVersions">See <see cref="SinkSecrets.VersionsOf"/>.</param>
public sealed record ProbedState(string Uid, long Generation, string SecretVersions);
