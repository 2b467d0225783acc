using Kollect.BigQuery;
using Kollect.MongoDb;
using Kollect.Shell;
using Kollect.Shell.Backends.Postgres;

namespace Kollect.Host.Commands;

/// <summary>What this program is built with.</summary>
internal static class BuiltIn
{
    /// <summary>All backends that there are.</summary>
    public static IReadOnlyList<Backend> Backends { get; } = [PostgresBackend.Instance, MongoDbBackend.Instance, BigQueryBackend.Instance];
}
