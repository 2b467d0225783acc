using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>Combines <c>spec.tls</c> with the <c>sslmode</c> of the connection.</summary>
internal static class TransportSecurity
{
    /// <summary>
    /// The mode of the connection. <c>insecureSkipVerify</c> encrypts without any check. With an authority, <c>require</c> becomes
    /// verify-ca, as in libpq, and the weaker modes become verify-full. Left = the two contradict each other.
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
