using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Kollect.Host.Operator;

/// <summary>The ports of the operator on all addresses, opened before anything else starts: a port that cannot be had is the user's to resolve.</summary>
internal sealed class ListeningPorts : IDisposable
{
    private readonly Dictionary<int, Socket> sockets = [];

    private ListeningPorts() { }

    /// <summary>Opens each of the ports. Left = the first one that cannot be opened, and why, on one line.</summary>
    /// <param name="wanted">An option of the command line and its port; 0 = none.</param>
    public static Either<string, ListeningPorts> Open(params IEnumerable<(string Option, int Port)> wanted)
    {
        var ports = new ListeningPorts();
        foreach (var (option, port) in wanted.Where(it => it.Port != 0))
            try
            {
                if (ports.sockets.ContainsKey(port))
                    throw new SocketException((int)SocketError.AddressAlreadyInUse);
                ports.sockets[port] = Listen(port);
            }
            catch (SocketException refused)
            {
                ports.Dispose();
                return Refusal(option, port, refused);
            }

        return ports;
    }

    /// <summary>The socket of a port for Kestrel, which closes it.</summary>
    public Socket Take(EndPoint endpoint) => sockets[((IPEndPoint)endpoint).Port];

    public void Dispose()
    {
        foreach (var socket in sockets.Values)
            socket.Dispose();
    }

    private static string Refusal(string option, int port, SocketException refused) => refused.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => FormattableString.Invariant(
            $"{option} {port}: the port is in use; stop what listens there, or choose another one (0 = none)"),
        SocketError.AccessDenied => FormattableString.Invariant(
            $"{option} {port}: this user may not listen on the port, as on most machines below 1024; choose a higher one (0 = none)"),
        _ => FormattableString.Invariant($"{option} {port}: the port cannot be opened: {refused.Message}"),
    };

    private static Socket Listen(int port)
    {
        Socket socket;
        try
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(IPAddress.IPv6Any, port));
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable)
        {
            socket = SocketTransportOptions.CreateDefaultBoundListenSocket(new IPEndPoint(IPAddress.Any, port)); // a machine without IPv6
        }

        try
        {
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
