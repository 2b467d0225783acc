using System.Net.Sockets;
using System.Security.Authentication;
using Kollect.Core.Failures;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres.Wire;
using Npgsql;

namespace Kollect.Shell.Backends.Postgres;

/// <summary>Maps Npgsql's exceptions to faults, which Core classifies.</summary>
internal static class Faults
{
    /// <summary>Null = neither the server nor the network caused the exception.</summary>
    public static Fault? Of(Exception exception) => exception switch
    {
        PostgresException server => Of(server),
        RefusedSettingException it => Of(it.Refused) with { Setting = it.Setting },
        DialException dial => new Fault.Forbidden(dial.Objection),
        AnswerTooLargeException large => large.Fault,
        UnprotectedPasswordException asked => new Fault.Unprotected(asked.Form),
        LoginException => new Fault.Network(NetworkFault.Authentication),
        NoAnswerException late => new Fault.Network(NetworkFault.TimedOut) { Limit = late.Limit },
        NpgsqlException { InnerException: AggregateException hosts }
            when hosts.InnerExceptions.OfType<PostgresException>().FirstOrDefault() is { } one => Of(one),
        NpgsqlException { InnerException: AggregateException hosts } when hosts.InnerExceptions[0] is not NpgsqlException => Of(hosts.InnerExceptions[0]),
        NpgsqlException client => new Fault.Network(Kind(client)),
        AuthenticationException => new Fault.Network(NetworkFault.Tls),
        SocketException or IOException or TimeoutException => new Fault.Network(Kind(exception)),
        _ => null,
    };

    private static Fault.Server Of(PostgresException server) => new(server.SqlState, server.MessageText);

    // Npgsql has no types for the last two; its texts are stable and, unlike a server's, always English.
    private static NetworkFault Kind(Exception exception) => NetworkFaults.In(exception).IfNone(() => exception.Message switch
    {
        var text when text.Contains("SSL", StringComparison.Ordinal) => NetworkFault.Tls,
        var text when text.Contains("password", StringComparison.Ordinal)
                      || text.Contains("authentication", StringComparison.OrdinalIgnoreCase) => NetworkFault.Authentication,
        _ => NetworkFault.Broken,
    });
}

/// <summary>The server refused a setting that does not stand in <c>spec.options</c>.</summary>
internal sealed class RefusedSettingException(RefusedSetting setting, PostgresException refused) : Exception(refused.SqlState, refused)
{
    public RefusedSetting Setting => setting;

    public PostgresException Refused => refused;
}
