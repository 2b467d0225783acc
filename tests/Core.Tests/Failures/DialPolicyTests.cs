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

    [Fact]
    public void Each_kind_of_address_has_a_verdict()
    {
        string[] addresses =
        [
            "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "10.0.0.7", "172.16.0.1", "172.32.0.1", "192.168.1.1", "100.64.0.1", "fd12::7",
            "127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
            "169.254.169.254", "::ffff:169.254.169.254", "169.254.0.1", "fe80::1", "2001:0:1:1:1:1:5601:5601", "64:ff9b:1::a9fe:a9fe",
            "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "192.0.0.192", "0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "255.255.255.255", "ff02::1",
        ];
        var table = new StringBuilder("address                                    default     for tests   strict\n");
        foreach (var address in addresses.Select(IPAddress.Parse))
            AppendLine(table, $"{address}", policy => policy.ToAddress(address));
        string[] names = ["db.example.com", "localhost", "LocalHost.", "db.localhost", "metadata", "metadata.google.internal.", "instance-data.ec2.internal"];
        foreach (var name in names)
            AppendLine(table, name, policy => policy.ToName(name));
        Golden.Verify(table.ToString(), "network/dial-policy.txt");
    }

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

    private static void AppendLine(StringBuilder table, string host, Func<DialPolicy, Option<DialObjection>> judge) =>
        table.Append(CultureInfo.InvariantCulture, $"{host,-42} {Shown(judge(Default)),-11} {Shown(judge(ForTests)),-11} {Shown(judge(Strict))}\n");

    private static string Shown(Option<DialObjection> objection) => objection.Match(it => it.ToString(), () => "-");
}
