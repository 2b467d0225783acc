using System.Net;
using System.Net.Sockets;

namespace Kollect.Core.Failures;

/// <summary>
/// The addresses that sinks may connect to in a process that serves many users. The policy judges the address that is dialled, because a
/// name may resolve to another address a moment later.
/// </summary>
/// <param name="AllowLoopback">Allows addresses of the machine itself, for tests.</param>
/// <param name="DenyPrivate">Denies private networks as well.</param>
public sealed record DialPolicy(bool AllowLoopback, bool DenyPrivate)
{
    // These services issue the machine's credentials to any process on it. Google: "Metadata server endpoints"; AWS: "IMDS IPv4/IPv6 endpoints";
    // Azure: "wire server"; Alibaba: "ECS metadata"; Oracle: "instance metadata".
    private static readonly System.Collections.Generic.HashSet<IPAddress> Metadata =
    [
        IPAddress.Parse("169.254.169.254"), IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("168.63.129.16"),
        IPAddress.Parse("100.100.100.200"), IPAddress.Parse("192.0.0.192"), IPAddress.Parse("fd20:ce::254"),
    ];

    private static readonly System.Collections.Generic.HashSet<string> MetadataNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal",
    };

    private static readonly IPNetwork[] Private =
    [
        // RFC 1918, RFC 6598 (carrier-grade NAT), RFC 4193 (unique local), RFC 3879 (site-local, deprecated).
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fec0::/10"),
    ];

    private static readonly IPNetwork[] Nowhere =
    [
        // RFC 6890: "this network", reserved, broadcast; multicast of both families.
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("240.0.0.0/4"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>The objection to a name before it is resolved; None = the name may be resolved, and its addresses are judged.</summary>
    /// <param name="host">A DNS name, or an address in any spelling.</param>
    public Option<DialObjection> ToName(string host) =>
        MetadataNames.Contains(host.TrimEnd('.')) ? DialObjection.Metadata
        : !AllowLoopback && IsLocalName(host.TrimEnd('.')) ? DialObjection.Loopback
        : None;

    /// <summary>The objection to a unix socket, which always leads to the machine itself; None = it may be dialled.</summary>
    public Option<DialObjection> ToSocketFile() => AllowLoopback ? None : Some(DialObjection.Loopback);

    /// <summary>The objection to an address; None = it may be dialled.</summary>
    public Option<DialObjection> ToAddress(IPAddress address)
    {
        var target = Target(address);
        return Metadata.Contains(target) ? DialObjection.Metadata
            : IsLinkLocal(target) ? DialObjection.LinkLocal
            : IPAddress.IsLoopback(target) ? AllowLoopback ? None : Some(DialObjection.Loopback)
            : target.Equals(IPAddress.IPv6Any) || Nowhere.Any(network => network.Contains(target)) ? DialObjection.Nowhere
            : DenyPrivate && Private.Any(network => network.Contains(target)) ? Some(DialObjection.Private)
            : None;
    }

    // RFC 6761: localhost and all names below it.
    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsLinkLocal(IPAddress address) =>
        address.IsIPv6LinkLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, _, _]);

    /// <summary>The IPv4 address that a gateway or the operating system would extract from an IPv6 address; any other address unchanged.</summary>
    private static IPAddress Target(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.Equals(IPAddress.IPv6Loopback) || address.Equals(IPAddress.IPv6Any))
            return address;
        var bytes = address.GetAddressBytes();
        return bytes switch
        {
            // ::ffff:a.b.c.d (mapped) and ::a.b.c.d (compatible), RFC 4291
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ..] or [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ..] => new IPAddress(bytes.AsSpan(12)),
            // 64:ff9b::a.b.c.d and the local 64:ff9b:1::/48 (NAT64), RFC 6052 and 8215
            [0, 0x64, 0xff, 0x9b, ..] => new IPAddress(bytes.AsSpan(12)),
            // 2002:a.b.c.d::/48 (6to4), RFC 3056
            [0x20, 0x02, ..] => new IPAddress(bytes.AsSpan(2, 4)),
            // 2001::/32 (Teredo): the client's address with all bits inverted, RFC 4380
            [0x20, 0x01, 0, 0, ..] => new IPAddress([.. bytes[12..].Select(octet => (byte)~octet)]),
            _ => address,
        };
    }
}
