using Kollect.BigQuery;
using Kollect.Core.Backends;
using Kollect.Core.Secrets;
using Kollect.MongoDb;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Tests.Backends;

/// <summary>As the program is built.</summary>
internal static class AllBackends
{
    public static IReadOnlyList<Backend> List { get; } = [PostgresBackend.Instance, MongoDbBackend.Instance, BigQueryBackend.Instance];

    /// <summary>Opens sinks of every backend.</summary>
    public static IDestinations Open(Func<SecretRef, Option<SecretData>> find, DialGuard guard, Audience audience = Audience.Cluster) =>
        new BackendSet(List, guard, audience).With(find);
}
