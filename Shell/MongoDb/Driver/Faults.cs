using System.Globalization;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using MongoDB.Driver;

namespace Kollect.MongoDb.Driver;

/// <summary>Maps the driver's exceptions to faults, which Core classifies.</summary>
internal static class Faults
{
    private const string AuthenticationFailed = "18";
    private const string MaxTimeExpired = "50";
    private const string CursorNotFound = "43";

    /// <summary>None = neither the server, nor the network, nor the driver reported the exception.</summary>
    public static Option<Fault> Of(Exception exception) => exception switch
    {
        _ when Objection(exception) is { IsSome: true } objection => objection.Map(it => (Fault)new Fault.Forbidden(it)),
        MongoAuthenticationException login => Login(login),
        MongoCommandException refused => Server(refused.Code, refused.ErrorMessage, refused),
        MongoBulkWriteException { WriteConcernError: { } unconfirmed } bulk => Server(unconfirmed.Code, unconfirmed.Message, bulk),
        MongoExecutionTimeoutException late => new Fault.Server(MaxTimeExpired, late.Message, Labels(late)),
        MongoCursorNotFoundException gone => new Fault.Server(CursorNotFound, "the server has no such cursor", Labels(gone)),
        MongoIncompatibleDriverException => Errors.Incompatible,
        MongoConnectionException or MongoConnectionPoolPausedException or TimeoutException =>
            new Fault.Network(NetworkFaults.In(exception).IfNone(NetworkFault.Broken)),
        MongoException other => Errors.OfDriver(other.Message),
        _ => None,
    };

    /// <summary>The objection of the dial guard among the causes of an exception.</summary>
    private static Option<DialObjection> Objection(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            if (cause is DialException dial)
                return dial.Objection;
        return None;
    }

    // The network may break in the middle of a login. A server that has no such user or mechanism answers with one of several codes
    // (error_codes.yml: BadValue, ProtocolError, AuthenticationFailed, MechanismUnavailable); all of them mean that the login is wrong.
    private static Fault Login(MongoAuthenticationException login) => login.InnerException switch
    {
        MongoCommandException { Code: 2 or 17 or 334 } refused => new Fault.Server(AuthenticationFailed, refused.ErrorMessage, Labels(refused)),
        MongoCommandException refused => Server(refused.Code, refused.ErrorMessage, refused),
        { } inner when NetworkFaults.In(inner) is { IsSome: true } network => network.Map(kind => (Fault)new Fault.Network(kind)).IfNone(Broken),
        _ => new Fault.Server(AuthenticationFailed, login.Message, Labels(login)),
    };

    private static Fault Broken { get; } = new Fault.Network(NetworkFault.Broken);

    private static Fault Server(int code, string? text, MongoException labelled) =>
        new Fault.Server(code.ToString(CultureInfo.InvariantCulture), text ?? "", Labels(labelled));

    private static Seq<string> Labels(MongoException exception) => exception.ErrorLabels.ToArray().ToSeq();
}
