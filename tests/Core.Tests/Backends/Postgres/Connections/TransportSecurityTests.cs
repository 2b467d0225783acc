using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends.Postgres.Connections;

public sealed class TransportSecurityTests
{
    [Theory]
    [InlineData(SslMode.Prefer, false, false, "Prefer")]
    [InlineData(SslMode.Prefer, true, false, "VerifyFull")]
    [InlineData(SslMode.Require, true, false, "VerifyCa")]
    [InlineData(SslMode.VerifyCa, true, false, "VerifyCa")]
    [InlineData(SslMode.VerifyFull, true, false, "VerifyFull")]
    [InlineData(SslMode.Disable, true, false, "refused")]
    [InlineData(SslMode.VerifyFull, false, true, "Require")]
    [InlineData(SslMode.Disable, false, false, "Disable")]
    public void The_sink_and_the_connection_string_determine_the_TLS_mode(SslMode mode, bool authority, bool insecure, string expected) =>
        Assert.Equal(
            expected,
            TransportSecurity.Combine(mode, new TlsSettings(authority ? Some("pem") : None, None, insecure))
                .Match(combined => combined.ToString(), _ => "refused"));
}
