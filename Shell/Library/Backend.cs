using Kollect.Core.Backends;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;

namespace Kollect.Shell;

/// <summary>A kind of database: PostgreSQL is in this package, MongoDB in Kollect.MongoDb, BigQuery in Kollect.BigQuery.</summary>
public abstract class Backend
{
    internal Backend()
    {
    }

    /// <summary>Opens a sink; nothing is connected yet. Left: a Secret is missing or unusable. None: the sink is of another backend.</summary>
    internal abstract Option<Either<Failure, IDestination>> Open(Sink sink, TableLocation at, BackendAccess access);
}

/// <summary>What opening a sink takes.</summary>
/// <param name="Guard">Decides which hosts may be dialled.</param>
/// <param name="Audience">Who reads the messages; the owner of the Secrets is told user and database.</param>
internal sealed record BackendAccess(SecretLookup Secrets, DialGuard Guard, Audience Audience);
