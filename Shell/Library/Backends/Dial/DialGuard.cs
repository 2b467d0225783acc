using System.Net;
using System.Security.Cryptography.X509Certificates;
using Kollect.Core.Failures;

namespace Kollect.Shell.Backends.Dial;

/// <summary>The policy forbids the connection; nothing was sent.</summary>
internal sealed class DialException(DialObjection objection) : IOException(objection.Said())
{
    /// <summary>The reason, without secrets.</summary>
    public DialObjection Objection { get; } = objection;
}

/// <summary>Resolves the hosts that sinks name, and permits connections to checked addresses only.</summary>
internal sealed class DialGuard
{
    private readonly Option<DialPolicy> policy;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;

    /// <summary>A guard over all sinks of a process.</summary>
    /// <param name="policy">None = no limits, and the drivers resolve names themselves.</param>
    /// <param name="resolve">Name -> addresses; null = the system's resolver.</param>
    public DialGuard(Option<DialPolicy> policy, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null) =>
        (this.policy, this.resolve) = (policy, resolve ?? Dns.GetHostAddressesAsync);

    /// <summary>No limits: for the command line, whose user can connect to any host anyway.</summary>
    public static DialGuard Unrestricted { get; } = new(None);

    /// <summary>True: the drivers must dial what <see cref="AddressesAsync"/> gives, and nothing else.</summary>
    public bool IsOn => policy.IsSome;

    /// <summary>The addresses of a host, all of which may be dialled.</summary>
    /// <param name="host">A name, or an address with or without brackets.</param>
    /// <exception cref="DialException">The policy objects to the name or to any of its addresses.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There is no such name.</exception>
    public async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancel)
    {
        Refuse(policy.Bind(it => it.ToName(host)));
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await ResolveAsync(host, cancel);
        foreach (var address in addresses)
            Refuse(policy.Bind(it => it.ToAddress(address)));
        return addresses.Length > 0 ? addresses : throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound);
    }

    /// <summary>The system's resolver throws an ArgumentException for a text that cannot be a name.</summary>
    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        try
        {
            return await resolve(host, cancel);
        }
        catch (ArgumentException)
        {
            throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound);
        }
    }

    /// <summary>The policy for certificates: the addresses that stand in a hostile server's certificate are not dialled either.</summary>
    internal static X509ChainPolicy WithoutDownloads() => new() { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };

    /// <summary>A unix socket leads to this machine.</summary>
    /// <exception cref="DialException">The policy objects.</exception>
    public void CheckSocketFile() => Refuse(policy.Bind(it => it.ToSocketFile()));

    private static void Refuse(Option<DialObjection> objection) => objection.IfSome(it => throw new DialException(it));
}
