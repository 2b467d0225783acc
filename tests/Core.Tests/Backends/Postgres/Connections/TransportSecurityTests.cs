using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends.Postgres.Connections;

public sealed class TransportSecurityTests
{
    [Theory]
    [InlineData(nameof(SslMode.Prefer), false, false, "Prefer")]
    [InlineData(nameof(SslMode.Prefer), true, false, "VerifyFull")]
    [InlineData(nameof(SslMode.Require), true, false, "VerifyCa")]
    [InlineData(nameof(SslMode.VerifyCa), true, false, "VerifyCa")]
    [InlineData(nameof(SslMode.VerifyFull), true, false, "VerifyFull")]
    [InlineData(nameof(SslMode.Disable), true, false, "refused")]
    [InlineData(nameof(SslMode.VerifyFull), false, true, "Require")]
    [InlineData(nameof(SslMode.Disable), false, false, "Disable")]
    public void The_sink_and_the_connection_string_determine_the_TLS_mode(string mode, bool authority, bool insecure, string expected) =>
        Assert.Equal(
            expected,
            TransportSecurity.Combine(Enum.Parse<SslMode>(mode), new TlsSettings(authority ? Some("pem") : None, None, insecure))
                .Match(combined => combined.ToString(), _ => "refused"));
}
