using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary><c>spec.tls</c> and the connection's own <c>sslmode</c> together.</summary>
public static class TransportSecurity
{
    /// <summary>
    /// The mode to connect with. <c>insecureSkipVerify</c> encrypts and checks nothing; an authority makes libpq's
    /// <c>require</c> check the certificate (verify-ca, as libpq does) and everything weaker check the host name too.
    /// Left = the two contradict each other.
    /// </summary>
    public static Either<string, SslMode> Combine(SslMode mode, TlsSettings tls) =>
        (tls.InsecureSkipVerify, tls.CaBundle.IsSome || tls.CaSecret.IsSome, mode) switch
        {
            (true, _, _) => SslMode.Require,
            (false, true, SslMode.Disable) =>
                "sslmode=disable in the connection string contradicts the authority in spec.tls; remove one of them",
            (false, true, SslMode.Require) => SslMode.VerifyCa,
            (false, true, SslMode.Allow or SslMode.Prefer) => SslMode.VerifyFull,
            _ => mode,
        };
}
