using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Shell.Backends.Postgres;

namespace Kollect.Shell;

/// <summary>What an engine works with.</summary>
public sealed record KollectEngineOptions
{
    /// <summary>
    /// Reads a Secret, given its namespace and name; null = there is none. Called before each plan, probe and export for every Secret that the sink names. An
    /// exception ends the call that needs the Secret.
    /// </summary>
    public required Func<string, string, CancellationToken, ValueTask<SecretData?>> ReadSecret { get; init; }

    /// <summary>The backends to use: PostgreSQL alone, if nothing is said. Those of MongoDB and BigQuery are in packages of their own.</summary>
    public IReadOnlyCollection<Backend> Backends { get; init; } = [PostgresBackend.Instance];

    /// <summary>The addresses that sinks may connect to, where other people write the sinks; null = all.</summary>
    public DialPolicy? Dial { get; init; }

    /// <summary>
    /// True = messages name hosts, users and databases of a connection, for the owner of the Secrets; false = only what the readers of a sink may know.
    /// Neither shows a password.
    /// </summary>
    public bool ShowsConnections { get; init; }

    /// <summary>The clock, for snapshots that name no time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
