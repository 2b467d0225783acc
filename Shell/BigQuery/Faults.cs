using System.Net.Sockets;
using System.Security.Authentication;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;
using Kollect.Shell.Backends.Dial;

namespace Kollect.BigQuery;

/// <summary>An error of the service as a fault, which Core classifies.</summary>
internal sealed class BigQueryException(Fault fault) : Exception($"BigQuery: {(fault as Fault.Server)?.Code ?? "network"}")
{
    public Fault Fault { get; } = fault;

    /// <summary>What an answer says; an answer that cannot be read is a <see cref="BigQueryException"/>.</summary>
    public static T Unless<T>(Either<Fault, T> read) => read.Match(Right: it => it, Left: fault => throw new BigQueryException(fault));
}

/// <summary>Maps exceptions of Google's runtime to faults.</summary>
internal static class Faults
{
    /// <summary>The fault of a request that ended with an exception: total, because Google's runtime reads the answer, which may be anything.</summary>
    public static Fault OfRequest(Exception exception) => Of(exception) ?? exception switch
    {
        OperationCanceledException => new Fault.Network(NetworkFault.TimedOut),
        NullReferenceException => ServiceError.OfToken(0, null, null), // Google.Apis.Auth meets an error of a token endpoint that has no body
        _ => Errors.Unreadable($"Google's library ended with {exception.GetType().Name}"),
    };

    /// <summary>Null = neither the service nor the network caused the exception.</summary>
    public static Fault? Of(Exception exception) => exception switch
    {
        BigQueryException known => known.Fault,
        HttpRequestException { InnerException: DialException dial } => new Fault.Forbidden(dial.Objection),
        GoogleApiException answer => ServiceError.Of((int)answer.HttpStatusCode, Optional(answer.Error?.ErrorResponseContent)),
        TokenResponseException token => ServiceError.OfToken((int)(token.StatusCode ?? 0), token.Error?.Error, token.Error?.ErrorDescription),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => Errors.TooLarge,
        HttpRequestException or SocketException or IOException or AuthenticationException => new Fault.Network(Kind(exception)),
        TaskCanceledException { InnerException: TimeoutException } => new Fault.Network(NetworkFault.TimedOut),
        _ => null,
    };

    private static NetworkFault Kind(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
            switch (cause)
            {
                case AuthenticationException or HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }: return NetworkFault.Tls;
                case HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError }: return NetworkFault.UnknownHost;
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }: return NetworkFault.ConnectionRefused;
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return NetworkFault.UnknownHost;
                case SocketException { SocketErrorCode: SocketError.HostUnreachable or SocketError.NetworkUnreachable }: return NetworkFault.Unreachable;
                case SocketException { SocketErrorCode: SocketError.TimedOut }: return NetworkFault.TimedOut;
            }

        return NetworkFault.Broken;
    }
}
