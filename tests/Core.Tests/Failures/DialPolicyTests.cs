using System.Globalization;
using System.Net;
using System.Text;
using Kollect.Core.Failures;

namespace Kollect.Core.Tests.Failures;

public sealed class DialPolicyTests
{
    private static readonly DialPolicy Default = new(AllowLoopback: false, DenyPrivate: false);
    private static readonly DialPolicy ForTests = new(AllowLoopback: true, DenyPrivate: false);
    private static readonly DialPolicy Strict = new(AllowLoopback: false, DenyPrivate: true);

    /// <summary>
    /// One line for each spelling and each form in which an address may stand for another one; names show the verdict before they are resolved.
    /// </summary>
    [Fact]
    public void Each_form_of_an_address_has_a_verdict()
    {
        var table = new StringBuilder();
        foreach (var (title, hosts) in Forms)
        {
            table.Append(CultureInfo.InvariantCulture, $"{(table.Length == 0 ? "" : "\n")}{title,-46} {"default",-11} {"for tests",-11} strict\n");
            foreach (var host in hosts)
                AppendLine(table, host);
        }

        Golden.Verify(table.ToString(), "network/dial-policy.txt");
    }

    private static readonly (string Title, string[] Hosts)[] Forms =
    [
        ("public",
        [
            "93.184.215.14", "172.32.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2001:db8::7",
        ]),
        ("private", ["10.0.0.7", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "fc00::1", "fd12::7", "fec0::1"]),
        ("this machine", ["127.0.0.1", "127.255.255.254", "::1", "::1%1", "[::1]", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001"]),
        ("link-local", ["169.254.0.1", "fe80::1", "fe80::1%1", "febf::1", "FE80::A9FE:1%3"]),
        ("metadata services",
        [
            "169.254.169.254", "fd00:ec2::254", "FD00:EC2::254", "fd00:ec2::254%1", "fd20:ce::254", "168.63.129.16", "100.100.100.200", "192.0.0.192",
        ]),
        ("no server", ["0.0.0.0", "0.1.2.3", "::", "::%1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1", "ff02::1%1"]),
        ("spellings of IPv4",
        [
            "2130706433", "0x7f000001", "017700000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1", "0x7f.1", "2852039166", "0xA9FEA9FE",
            "0251.0376.0251.0376", "169.254.43518", "167772167", "012.7", "0", "4294967295",
        ]),
        ("mapped and compatible",
        [
            "::ffff:127.0.0.1", "::ffff:7f00:1", "::FFFF:169.254.169.254", "[::ffff:169.254.169.254]", "::ffff:169.254.169.254%1", "::ffff:10.0.0.7",
            "::ffff:8.8.8.8", "::127.0.0.1", "::169.254.169.254", "::8.8.8.8",
        ]),
        ("IPv4-translated (SIIT)", ["::ffff:0:127.0.0.1", "::ffff:0:a9fe:a9fe", "::ffff:0:10.0.0.7", "::ffff:0:8.8.8.8", "::ffff:0:0.0.0.0"]),
        ("NAT64, 64:ff9b::/96", ["64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.7", "64:ff9b::8.8.8.8", "64:ff9b::", "64:ff9b::224.0.0.1"]),
        ("NAT64, 64:ff9b:1::/48, prefix of 48 bits",
        [
            "64:ff9b:1:a9fe:a9:fe00::", "64:ff9b:1:7f00:0:100::", "64:ff9b:1:a00:0:700::", "64:ff9b:1:808:8:800::", "64:ff9b:1:a9fe:a9:fe12:3456:789a",
            "64:ff9b:1:a9fe:ffa9:fe00::",
        ]),
        ("NAT64, prefix of 56 bits",
        [
            "64:ff9b:1:a9:fe:a9fe::", "64:ff9b:1:a9:fe:a9fe:1:1", "64:ff9b:1:7f:0:1::", "64:ff9b:1:a:0:7::", "64:ff9b:1:8:8:808::", "64:ff9b:1:a9:fffe:a9fe::",
        ]),
        ("NAT64, prefix of 64 bits",
            ["64:ff9b:1::a9:fea9:fe00:0", "64:ff9b:1:0:ffa9:fea9:fe00:0", "64:ff9b:1::7f:0:100:0", "64:ff9b:1::a:0:700:0", "64:ff9b:1::8:808:800:0"]),
        ("NAT64, prefix of 96 bits", ["64:ff9b:1::a9fe:a9fe", "64:ff9b:1:1:2:3:127.0.0.1", "64:ff9b:1::10.0.0.7", "64:ff9b:1::8.8.8.8", "64:ff9b:1::"]),
        ("6to4", ["2002:7f00:1::", "2002:a9fe:a9fe::", "2002:a9fe:a9fe:1:2:3:4:5", "2002:a00:7::", "2002:808:808::1", "2002::1"]),
        ("Teredo, the client",
            ["2001:0:808:808:0:1:5601:5601", "2001:0:808:808:0:1:80ff:fffe", "2001:0:808:808:0:1:f5ff:fff8", "2001:0:808:808:0:1:f7f7:f7f7"]),
        ("Teredo, the server",
            ["2001:0:a9fe:a9fe:0:1:f7f7:f7f7", "2001:0:7f00:1:0:1:f7f7:f7f7", "2001:0:a00:7:0:1:f7f7:f7f7", "2001:0:0:0:0:1:f7f7:f7f7"]),
        ("ISATAP",
        [
            "2001:db8::5efe:169.254.169.254", "2001:db8::200:5efe:169.254.169.254", "fe80::5efe:8.8.8.8", "2001:db8::5efe:127.0.0.1",
            "fd12::5efe:8.8.8.8", "2001:db8::5efe:10.0.0.7", "2001:db8::200:5efe:8.8.8.8", "2002:808:808::5efe:169.254.169.254",
        ]),
        ("names",
        [
            "db.example.com", "localhost", "LocalHost.", "db.localhost", "localhost..", "metadata", "Metadata.", "metadata.google.internal.",
            "METADATA.GOOGLE.INTERNAL", "instance-data", "instance-data.ec2.internal", "127.0.0.1.", "localhost.example.com",
        ]),
    ];

    /// <summary>An IPv4 address as an octal, hexadecimal or short number, in every mixture, is the same address.</summary>
    [Property]
    public void A_spelling_of_an_IPv4_address_has_the_same_verdict(byte a, byte b, byte c, byte d)
    {
        var plain = Default.ToAddress(new IPAddress([a, b, c, d]));
        foreach (var text in (FormattableString[])[
            $"{((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d}", $"0x{a:x2}{b:x2}{c:x2}{d:x2}", $"0x{a:x}.0x{b:x}.{c}.{d}",
            $"0{Convert.ToString(a, 8)}.0{Convert.ToString(b, 8)}.{c}.{d}", $"{a}.{b}.{(c << 8) | d}", $"{a}.{(b << 16) | (c << 8) | d}"])
            Assert.Equal(plain, Default.ToAddress(IPAddress.Parse(text.ToString(CultureInfo.InvariantCulture))));
    }

    /// <summary>Whatever stands around it, a forbidden address is found in each position where a gateway would look for it.</summary>
    [Property]
    public void An_embedded_metadata_service_is_found_in_every_position(ulong high, ulong low)
    {
        byte[] random = [.. BitConverter.GetBytes(high), .. BitConverter.GetBytes(low)];
        foreach (var (prefix, octets) in Positions)
        {
            byte[] bytes = [.. random];
            prefix.CopyTo(bytes, 0);
            for (var i = 0; i < octets.Length; i++)
                bytes[octets[i]] = MetadataService[i];
            Assert.Equal(DialObjection.Metadata, ForTests.ToAddress(new IPAddress(bytes)));
        }
    }

    private static readonly byte[] MetadataService = [169, 254, 169, 254];

    // RFC 6052, 2.2: octet 8 is left out.
    private static readonly (byte[] Prefix, int[] Octets)[] Positions =
    [
        ([0, 0x64, 0xff, 0x9b, 0, 1], [6, 7, 9, 10]), ([0, 0x64, 0xff, 0x9b, 0, 1], [7, 9, 10, 11]), ([0, 0x64, 0xff, 0x9b, 0, 1], [9, 10, 11, 12]),
        ([0, 0x64, 0xff, 0x9b, 0, 1], [12, 13, 14, 15]), ([0x20, 0x02], [2, 3, 4, 5]), ([0x20, 0x01, 0, 0], [4, 5, 6, 7]),
        ([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0x5e, 0xfe], [12, 13, 14, 15]), ([0xfd, 0x12, 0, 0, 0, 0, 0, 0, 2, 0, 0x5e, 0xfe], [12, 13, 14, 15]),
    ];

    [Fact]
    public void No_message_contains_an_address()
    {
        foreach (var objection in Enum.GetValues<DialObjection>())
            Assert.DoesNotMatch(@"\d", objection.Said() + objection.Remedy());
    }

    [Property]
    public void An_IPv6_form_of_an_IPv4_address_has_the_same_verdict(byte a, byte b, byte c, byte d)
    {
        byte[] octets = [a, b, c, d];
        var plain = Default.ToAddress(new IPAddress(octets));
        byte[] nat64 = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. octets];
        byte[] sixToFour = [0x20, 0x02, .. octets, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(plain, Default.ToAddress(new IPAddress(octets).MapToIPv6()));
        Assert.Equal(plain, Default.ToAddress(new IPAddress(nat64)));
        Assert.Equal(plain, Default.ToAddress(new IPAddress(sixToFour)));
    }

    // A literal as the guard reads it, else the verdict on the name.
    private static void AppendLine(StringBuilder table, string host)
    {
        Func<DialPolicy, Option<DialObjection>> judge = IPAddress.TryParse(host, out var literal)
            ? policy => policy.ToAddress(literal)
            : policy => policy.ToName(host);
        table.Append(CultureInfo.InvariantCulture, $"{host,-46} {Shown(judge(Default)),-11} {Shown(judge(ForTests)),-11} {Shown(judge(Strict))}\n");
    }

    private static string Shown(Option<DialObjection> objection) => objection.Match(it => it.ToString(), () => "-");
}
