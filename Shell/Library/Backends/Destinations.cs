using System.Diagnostics;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;

namespace Kollect.Shell.Backends;

/// <summary>Opens sinks of every backend with the Secrets that are given.</summary>
/// <param name="find">Gives a Secret by name; None = there is none.</param>
/// <param name="guard">Decides which hosts may be dialled.</param>
/// <param name="audience">Who reads the messages; the owner of the Secrets is told user and database.</param>
public sealed class Destinations(
    Func<SecretRef, Option<SecretData>> find, DialGuard guard, Audience audience = Audience.Cluster) : IDestinations
{
    private readonly SecretLookup secrets = new(find, audience);

    /// <inheritdoc/>
    public Either<Failure, IDestination> Open(Sink sink, TableLocation at) => sink switch
    {
        PostgresSink it => Postgres.Open.Destination(it, at, secrets, guard, audience),
        MongoDbSink it => MongoDb.Open.Destination(it, at, secrets, guard, audience),
        BigQuerySink it => BigQuery.Open.Destination(it, at, secrets, guard, audience),
        _ => throw new UnreachableException(),
    };
}
