using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kollect.Shell.Tests.Operator;

/// <summary>
/// A PostgreSQL server that refuses TLS, lets everybody in, and then sends an empty notice every 0.2 s instead of an answer (PostgreSQL, "Message Formats":
/// AuthenticationOk, ParameterStatus, ReadyForQuery, NoticeResponse).
/// </summary>
internal sealed class TricklingPostgres : IDisposable
{
    private static readonly TimeSpan Drop = TimeSpan.FromMilliseconds(200);

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();

    public TricklingPostgres()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Connections that are open now.</summary>
    public int Connections { get; private set; }

    /// <summary>The most connections that were open at once.</summary>
    public int Peak { get; private set; }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"postgresql://a:b@127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x");

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync(stop.Token));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test ends.
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        Count(1);
        using (accepted)
            try
            {
                await using var stream = accepted.GetStream();
                while (!await StartsUpAsync(stream))
                    await stream.WriteAsync("N"u8.ToArray(), stop.Token);
                await stream.WriteAsync((byte[])[.. "R"u8, 0, 0, 0, 8, 0, 0, 0, 0], stop.Token);
                foreach (var parameter in new[] { "server_version\0" + "16.0\0", "client_encoding\0UTF8\0", "standard_conforming_strings\0on\0" })
                    await stream.WriteAsync((byte[])[.. "S"u8, 0, 0, 0, (byte)(4 + parameter.Length), .. Encoding.ASCII.GetBytes(parameter)], stop.Token);
                await stream.WriteAsync((byte[])[.. "Z"u8, 0, 0, 0, 5, .. "I"u8], stop.Token);
                while (true)
                {
                    await Task.Delay(Drop, stop.Token);
                    await stream.WriteAsync((byte[])[.. "N"u8, 0, 0, 0, 5, 0], stop.Token);
                }
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or EndOfStreamException)
            {
                // The client has closed the connection, or the test ends.
            }
            finally
            {
                Count(-1);
            }
    }

    /// <summary>Reads a first message; false = it asks for encryption (SSLRequest 80877103, GSSENCRequest 80877104).</summary>
    private async Task<bool> StartsUpAsync(Stream stream)
    {
        var head = new byte[8];
        await stream.ReadExactlyAsync(head, stop.Token);
        var (length, code) = (BinaryPrimitives.ReadInt32BigEndian(head), BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)));
        await stream.ReadExactlyAsync(new byte[length - 8], stop.Token);
        return code is not (80_877_103 or 80_877_104);
    }

    private void Count(int change)
    {
        lock (gate)
        {
            Connections += change;
            Peak = Math.Max(Peak, Connections);
        }
    }
}
