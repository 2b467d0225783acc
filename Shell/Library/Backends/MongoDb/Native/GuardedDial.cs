using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kollect.Core.Failures;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Backends.MongoDb.Native;

/// <summary>
/// Makes the driver's connections: resolves the host, checks each address, and dials exactly those. The driver requests every host, also
/// for those that a server announces as members of its replica set.
/// </summary>
internal sealed unsafe class GuardedDial : IDisposable
{
    private const uint DomainStream = Faults.DomainStream;
    private const uint CodeNameResolution = Faults.StreamNameResolution;
    private const uint CodeConnect = Faults.StreamConnect;

    // <sys/socket.h> of Linux.
    private const int AddressFamilyInet = 2;
    private const int AddressFamilyInet6 = 10;
    private const int SocketStream = 1;

    private const int DefaultConnectTimeoutMs = 10_000;
    private const uint BufferBytes = 1_024; // as the driver's own initiator

    // The driver's own part of mongoc_ssl_opt_t, two C bools: no revocation check, no call to the OCSP responder that the server's certificate names.
    private static readonly byte* NoCallsOut = AllocateTwo(1, 1);

    private readonly nint client;
    private readonly DialGuard guard;
    private readonly GCHandle self;

    private GuardedDial(nint client, DialGuard guard)
    {
        (this.client, this.guard) = (client, guard);
        self = GCHandle.Alloc(this);
    }

    /// <summary>The last refusal; None = nothing was refused.</summary>
    public Option<DialObjection> Objection { get; private set; }

    /// <summary>From now on the client connects in this way only; dispose this after the client.</summary>
    public static GuardedDial Install(nint client, DialGuard guard)
    {
        var dial = new GuardedDial(client, guard);
        Mongoc.ClientSetStreamInitiator(client, &Initiate, GCHandle.ToIntPtr(dial.self));
        return dial;
    }

    public void Dispose() => self.Free();

    /// <summary>No exception may cross the border: each becomes an error of the driver's.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Initiate(nint uri, Mongoc.Host* host, nint data, Mongoc.Error* error)
    {
        var dial = (GuardedDial)GCHandle.FromIntPtr(data).Target!;
        try
        {
            return dial.Connect(uri, host, error);
        }
        catch (DialException refused)
        {
            dial.Objection = refused.Objection;
            error->Set(DomainStream, CodeConnect, refused.Message);
        }
        catch (SocketException)
        {
            error->Set(DomainStream, CodeNameResolution, "Failed to resolve the host");
        }
        catch (Exception defect)
        {
            error->Set(DomainStream, CodeConnect, defect.GetType().Name);
        }

        return 0;
    }

    private nint Connect(nint uri, Mongoc.Host* host, Mongoc.Error* error)
    {
        var name = host->Name;
        if (name.EndsWith(".sock", StringComparison.Ordinal))
        {
            guard.CheckSocketFile();
            return Mongoc.DefaultStreamInitiator(uri, host, client, error); // there is no name to resolve
        }

        var timeout = Mongoc.UriGetNumber(uri, "connecttimeoutms", DefaultConnectTimeoutMs);
        foreach (var address in guard.AddressesAsync(name, CancellationToken.None).GetAwaiter().GetResult())
        {
            var stream = Dial(address, host->Port, timeout, error);
            if (stream == 0)
                continue;
            var secured = Mongoc.UriGetTls(uri) ? Secure(uri, name, stream, timeout, error) : stream;
            return secured == 0 ? 0 : Mongoc.StreamBufferedNew(secured, BufferBytes);
        }

        return 0;
    }

    private static nint Dial(IPAddress address, ushort port, int timeoutMs, Mongoc.Error* error)
    {
        var socketAddress = SocketAddressOf(address, port);
        var socket = Mongoc.SocketNew(address.AddressFamily == AddressFamily.InterNetwork ? AddressFamilyInet : AddressFamilyInet6, SocketStream, 0);
        if (socket == 0)
        {
            error->Set(DomainStream, CodeConnect, "no socket is to be had");
            return 0;
        }

        fixed (byte* bytes = socketAddress)
            if (Mongoc.SocketConnect(socket, bytes, (uint)socketAddress.Length, Mongoc.MonotonicTime() + timeoutMs * 1_000L) == 0)
                return Mongoc.StreamSocketNew(socket);

        // Faults distinguishes the errors by these words.
        error->Set(DomainStream, CodeConnect, Mongoc.SocketErrno(socket) switch
        {
            111 => "connection refused",
            101 or 113 => "host unreachable",
            _ => "connection timed out",
        });
        Mongoc.SocketDestroy(socket);
        return 0;
    }

    /// <summary>TLS by the name that the sink gave, not by the address.</summary>
    private static nint Secure(nint uri, string name, nint stream, int timeoutMs, Mongoc.Error* error)
    {
        var insecure = Mongoc.UriGetFlag(uri, "tlsinsecure", false);
        var authority = Mongoc.UriGetText(uri, "tlscafile", 0);
        var options = new Mongoc.TlsOptions
        {
            AuthorityFile = authority,
            Internal = (nint)NoCallsOut,
            WeakValidation = insecure || Mongoc.UriGetFlag(uri, "tlsallowinvalidcertificates", false) ? (byte)1 : (byte)0,
            AllowInvalidHostname = insecure || Mongoc.UriGetFlag(uri, "tlsallowinvalidhostnames", false) ? (byte)1 : (byte)0,
        };
        var tls = Mongoc.StreamTlsNew(stream, name, &options, 1);
        if (tls == 0)
        {
            error->Set(DomainStream, CodeConnect, "TLS could not be set up");
            Mongoc.StreamDestroy(stream);
            return 0;
        }

        if (Mongoc.StreamTlsHandshake(tls, name, timeoutMs, error))
            return tls;
        if (error->Code == 0)
            error->Set(DomainStream, CodeConnect, "TLS handshake failed");
        Mongoc.StreamDestroy(tls);
        return 0;
    }

    private static byte* AllocateTwo(byte first, byte second)
    {
        var bytes = (byte*)NativeMemory.Alloc(2); // as long as the process
        (bytes[0], bytes[1]) = (first, second);
        return bytes;
    }

    // struct sockaddr_in and sockaddr_in6: the family in the machine's order, the port in the network's.
    private static byte[] SocketAddressOf(IPAddress address, ushort port)
    {
        var v4 = address.AddressFamily == AddressFamily.InterNetwork;
        var bytes = new byte[v4 ? 16 : 28];
        BitConverter.TryWriteBytes(bytes, (ushort)(v4 ? AddressFamilyInet : AddressFamilyInet6));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), port);
        address.TryWriteBytes(bytes.AsSpan(v4 ? 4 : 8), out _);
        if (!v4)
            BitConverter.TryWriteBytes(bytes.AsSpan(24), (uint)address.ScopeId);
        return bytes;
    }
}
