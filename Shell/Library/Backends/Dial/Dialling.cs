using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Kollect.Shell.Backends.Dial;

/// <summary>Connections to addresses that the guard has judged.</summary>
internal static class Dialling
{
    /// <summary>Connects; the caller disposes the socket.</summary>
    /// <param name="prepare">Sets options before the socket connects.</param>
    /// <exception cref="SocketException">Nothing answers there.</exception>
    public static async Task<Socket> ConnectAsync(EndPoint target, Action<Socket> prepare, CancellationToken cancel)
    {
        var socket = new Socket(target.AddressFamily, SocketType.Stream, target is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            prepare(socket);
            await socket.ConnectAsync(target, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Makes the TLS handshake; a failure closes <paramref name="plain"/>.</summary>
    /// <exception cref="AuthenticationException">TLS failed.</exception>
    public static async Task<SslStream> SecureAsync(Stream plain, SslClientAuthenticationOptions handshake, CancellationToken cancel)
    {
        var secured = new SslStream(plain);
        try
        {
            await secured.AuthenticateAsClientAsync(handshake, cancel);
            return secured;
        }
        catch (IOException cut)
        {
            await secured.DisposeAsync();
            throw new AuthenticationException("the connection ended during the TLS handshake", cut);
        }
        catch
        {
            await secured.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a step within a limit.</summary>
    /// <exception cref="NoAnswerException">The time was over.</exception>
    public static async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> step, CancellationToken cancel)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(limit);
        try
        {
            return await step(limited.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new NoAnswerException(limit);
        }
    }
}

/// <summary>A host did not answer within its limit.</summary>
internal sealed class NoAnswerException(TimeSpan limit) : TimeoutException("the host did not answer in time")
{
    public TimeSpan Limit => limit;
}
