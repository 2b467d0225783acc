using System.Net.Sockets;
using System.Security.Authentication;
using Kollect.Core.Failures;

namespace Kollect.Shell.Backends;

/// <summary>Maps the exceptions of .NET's network classes to faults.</summary>
internal static class NetworkFaults
{
    /// <summary>The first cause along the inner exceptions that tells; None = none of them is about the network.</summary>
    public static Option<NetworkFault> In(Exception exception)
    {
        var broken = false;
        for (var cause = exception; cause is not null; cause = (cause as AggregateException)?.InnerExceptions[0] ?? cause.InnerException)
            switch (cause)
            {
                case SocketException socket: return Of(socket.SocketErrorCode);
                case AuthenticationException: return NetworkFault.Tls;
                case TimeoutException: return NetworkFault.TimedOut;
                case IOException: broken = true; break;
            }

        return broken ? Some(NetworkFault.Broken) : None;
    }

    /// <summary>Total over every code of a socket.</summary>
    public static NetworkFault Of(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => NetworkFault.ConnectionRefused,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => NetworkFault.UnknownHost,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown => NetworkFault.Unreachable,
        SocketError.TimedOut => NetworkFault.TimedOut,
        SocketError.AddressNotAvailable => NetworkFault.ConnectionRefused, // a unix socket that is not there
        _ => NetworkFault.Broken,
    };
}
