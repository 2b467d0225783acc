using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using Google;
using Google.Apis.Auth.OAuth2.Responses;
using Kollect.Core.Failures;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.BigQuery;

/// <summary>An error of the service as a fault, which Core classifies.</summary>
internal sealed class BigQueryException(Fault fault) : Exception($"BigQuery: {(fault as Fault.Server)?.Code ?? "network"}")
{
    public Fault Fault { get; } = fault;
}

/// <summary>Maps exceptions of Google's runtime to faults.</summary>
internal static class Faults
{
    /// <summary>Null = neither the service nor the network caused the exception.</summary>
    public static Fault? Of(Exception exception) => exception switch
    {
        BigQueryException known => known.Fault,
        HttpRequestException { InnerException: DialException dial } => new Fault.Forbidden(dial.Objection),
        GoogleApiException answer => Server(answer),
        TokenResponseException token => new Fault.Server(
            token.Error?.Error ?? Number((int)(token.StatusCode ?? 0)), token.Error?.ErrorDescription ?? "no token was given"),
        HttpRequestException or SocketException or IOException or AuthenticationException => new Fault.Network(Kind(exception)),
        TaskCanceledException { InnerException: TimeoutException } => new Fault.Network(NetworkFault.TimedOut),
        NullReferenceException => new Fault.Network(NetworkFault.Broken), // Google.Apis.Auth meets an error of a token endpoint that has no body
        _ => null,
    };

    private static Fault Server(GoogleApiException answer)
    {
        var status = Number((int)answer.HttpStatusCode);
        var reason = answer.Error?.Errors?.FirstOrDefault()?.Reason;
        return new Fault.Server(
            string.IsNullOrEmpty(reason) ? status : reason, answer.Error?.Message ?? answer.Error?.ErrorResponseContent ?? answer.Message, Seq1(status));
    }

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

    private static string Number(int status) => status.ToString(CultureInfo.InvariantCulture);
}
