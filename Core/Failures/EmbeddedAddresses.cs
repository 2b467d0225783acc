using System.Net;
using System.Net.Sockets;

namespace Kollect.Core.Failures;

/// <summary>The addresses that a packet may reach: the one it is sent to, and those that a gateway or the operating system extracts from it.</summary>
internal static class EmbeddedAddresses
{
    /// <summary>
    /// All addresses to judge, at least one, without scope ids. An IPv4 address and an IPv6 address that embeds none are themselves. Where a form
    /// replaces the address (mapped, NAT64, 6to4, Teredo), the IPv6 address itself is not among them.
    /// </summary>
    public static Seq<IPAddress> Of(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return Seq1(address);
        var bytes = address.GetAddressBytes();
        var itself = new IPAddress(bytes); // without the scope id, which IPAddress compares too
        if (itself.Equals(IPAddress.IPv6Loopback) || itself.Equals(IPAddress.IPv6Any))
            return Seq1(itself);
        var routed = Routed(bytes);
        return Join(routed.IsEmpty ? Seq1(itself) : routed, OfInterface(bytes));
    }

    private static Seq<IPAddress> Routed(byte[] bytes) => bytes switch
    {
        // ::ffff:a.b.c.d (mapped) and ::a.b.c.d (compatible), RFC 4291
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ..] or [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ..] => Seq1(At(bytes, 12, 13, 14, 15)),
        // ::ffff:0:a.b.c.d (IPv4-translated), RFC 2765 and 7915
        [0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, ..] => Seq1(At(bytes, 12, 13, 14, 15)),
        // 64:ff9b::/96 and the local 64:ff9b:1::/48 (NAT64), RFC 8215. The gateway's prefix may have any length that fits: RFC 6052, 2.2,
        // for /48, /56, /64 and /96. Octet 8 ("u") is never a part of the address.
        [0, 0x64, 0xff, 0x9b, ..] => Readings(At(bytes, 6, 7, 9, 10), At(bytes, 7, 9, 10, 11), At(bytes, 9, 10, 11, 12), At(bytes, 12, 13, 14, 15)),
        // 2002:a.b.c.d::/48 (6to4), RFC 3056
        [0x20, 0x02, ..] => Seq1(At(bytes, 2, 3, 4, 5)),
        // 2001::/32 (Teredo): the server's address, and the client's with all bits inverted, RFC 4380
        [0x20, 0x01, 0, 0, ..] => Seq(At(bytes, 4, 5, 6, 7), new IPAddress([.. bytes[12..].Select(octet => (byte)~octet)])),
        _ => Empty,
    };

    /// <summary>ISATAP: an interface identifier under any prefix, RFC 5214, 6.1 (…:0:5efe:a.b.c.d, or …:200:5efe:a.b.c.d for a public address).</summary>
    private static Seq<IPAddress> OfInterface(byte[] bytes) =>
        bytes is [_, _, _, _, _, _, _, _, 0 or 2, 0, 0x5e, 0xfe, ..] ? Seq1(At(bytes, 12, 13, 14, 15)) : Empty;

    /// <summary>Which prefix the gateway has is unknown. A reading that begins with zero only shows that it is another one, unless all do.</summary>
    private static Seq<IPAddress> Readings(params ReadOnlySpan<IPAddress> all) =>
        all.ToArray().Where(address => address.GetAddressBytes()[0] != 0).ToArray() is { Length: > 0 } some ? some.ToSeq() : Seq1(all[^1]);

    private static IPAddress At(byte[] bytes, params ReadOnlySpan<int> octets) =>
        new([bytes[octets[0]], bytes[octets[1]], bytes[octets[2]], bytes[octets[3]]]);
}
