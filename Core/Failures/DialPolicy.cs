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
    internal Option<DialObjection> ToName(string host) =>
        MetadataNames.Contains(host.TrimEnd('.')) ? DialObjection.Metadata
        : !AllowLoopback && IsLocalName(host.TrimEnd('.')) ? DialObjection.Loopback
        : None;

    /// <summary>The objection to a unix socket, which always leads to the machine itself; None = it may be dialled.</summary>
    internal Option<DialObjection> ToSocketFile() => AllowLoopback ? None : Some(DialObjection.Loopback);

    /// <summary>The objection to an address; None = it may be dialled.</summary>
    /// <param name="address">Its scope id is ignored: on every interface the address leads to the same kind of host.</param>
    internal Option<DialObjection> ToAddress(IPAddress address)
    {
        var targets = EmbeddedAddresses.Of(address);
        return Either(Metadata.Contains, DialObjection.Metadata)
            || Either(IsLinkLocal, DialObjection.LinkLocal)
            || (AllowLoopback ? None : Either(IPAddress.IsLoopback, DialObjection.Loopback))
            || Either(IsNowhere, DialObjection.Nowhere)
            || (DenyPrivate ? Either(IsPrivate, DialObjection.Private) : None);

        Option<DialObjection> Either(Func<IPAddress, bool> applies, DialObjection objection) => targets.Exists(applies) ? Some(objection) : None;
    }

    // RFC 6761: localhost and all names below it.
    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsLinkLocal(IPAddress address) =>
        address.IsIPv6LinkLocal || (address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, _, _]);

    private static bool IsNowhere(IPAddress address) =>
        address.Equals(IPAddress.IPv6Any) || Nowhere.Any(network => network.Contains(address));

    private static bool IsPrivate(IPAddress address) => Private.Any(network => network.Contains(address));
}
