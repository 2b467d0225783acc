namespace Kollect.Core.Operator;

/// <summary>The operator's state of a sink between two decisions. It is lost with the process; a probe restores it.</summary>
/// <param name="Last">None = not probed by this process.</param>
/// <param name="IsTestRequestMet">The current annotation has been probed.</param>
internal sealed record SinkState(Option<ProbeRecord> Last, bool IsTestRequestMet)
{
    /// <summary>The state of a sink that is observed for the first time.</summary>
    public static SinkState Initial { get; } = new(None, IsTestRequestMet: false);

    /// <summary>True = the last probe failed: the next one may hang.</summary>
    public bool HasFailed => Last.Exists(last => last.FailuresInARow > 0);

    /// <summary>True = the last probe reported as missing what the first export creates: see <see cref="Situation.ProbeSucceeded"/>.</summary>
    public bool IsProvisional => Last.Exists(last => last.Outcome is Situation.ProbeSucceeded { IsProvisional: true });

    /// <summary>Since when a user may be about to correct a Secret; None = nothing indicates it.</summary>
    public Option<DateTimeOffset> SecretsExpectedSince => Last.Bind(last => last.SecretsExpectedSince);
}

/// <summary>One probe that has ended.</summary>
/// <param name="FailuresInARow">Failed probes of the same state, this one included; 0 = it succeeded.</param>
/// <param name="RetryAt">None = only a change leads to another probe.</param>
/// <param name="SecretsExpectedSince">A user may be about to correct a Secret: since the first failure of this state, or the last requested probe.</param>
internal sealed record ProbeRecord(
    ProbedState Of, Situation Outcome, int FailuresInARow, Option<DateTimeOffset> RetryAt, Option<DateTimeOffset> SecretsExpectedSince)
{
    /// <summary>Of <see cref="FailuresInARow"/> the last ones in which the server was unreachable, or the last ones in which it was not.</summary>
    public int Alike { get; init; } = FailuresInARow;

    /// <summary>The server could not be reached.</summary>
    public bool IsUnreachable => Outcome is Situation.ProbeFailed { IsOfConnection: true };
}

/// <summary>All inputs of a probe besides the server: while it is equal, a success stays valid.</summary>
/// <param name="Uid">Of the sink: another one of its name is another sink.</param>
/// <param name="SecretVersions">See <see cref="SinkSecrets.VersionsOf"/>.</param>
internal sealed record ProbedState(string Uid, long Generation, string SecretVersions);
