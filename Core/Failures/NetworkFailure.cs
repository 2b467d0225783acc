using System.Diagnostics;
using System.Globalization;
using Kollect.Core.Formatting;

namespace Kollect.Core.Failures;

/// <summary>The parts of messages about connections that differ between backends.</summary>
/// <param name="Unconfirmed">The state of the rows after the answer to a commit is lost.</param>
/// <param name="Broken">The state of the rows after the connection ends before the commit.</param>
/// <param name="Host">The field or key that holds the host's name.</param>
/// <param name="NotOurServer">The remedy for a connection that cannot be opened.</param>
/// <param name="TimedOut">The remedy for a missing answer.</param>
/// <param name="Tls">The remedy for a failed handshake.</param>
/// <param name="Authentication">The remedy for an unsupported authentication method.</param>
internal sealed record NetworkWords(string Unconfirmed, string Broken, string Host, string NotOurServer, string TimedOut, string Tls, string Authentication);

/// <summary>Classifies failures of connections, in the same way for all backends.</summary>
internal static class NetworkFailure
{
    /// <summary>Never throws: every stage and every fault has a result.</summary>
    /// <param name="server">The server as messages name it, host and port; None = they may not.</param>
    public static Failure Of(Stage stage, Fault.Network fault, NetworkWords words, Option<string> server) => fault.Kind switch
    {
        NetworkFault.Broken or NetworkFault.TimedOut when stage == Stage.Commit => TryLater(
            stage, server, $"the connection ended before the server confirmed; {words.Unconfirmed}", "export again: it is repeatable"),
        NetworkFault.Broken when stage == Stage.Connect => TryLater(stage, server, "the connection could not be made", words.NotOurServer),
        NetworkFault.ConnectionRefused => TryLater(stage, server, "the server refused the connection", "is it running, and is the port right?"),
        NetworkFault.UnknownHost => TryLater(
            stage, server, "the host name has no address", $"correct the host in {words.Host}, or wait for its DNS record"),
        NetworkFault.Unreachable => TryLater(stage, server, "no route to the server", "look for a firewall or network policy"),
        NetworkFault.TimedOut => TryLater(stage, server, $"no answer from the server {InTime(fault.Limit)}", words.TimedOut),
        NetworkFault.Broken => TryLater(stage, server, $"the connection ended in the middle; {words.Broken}", "it can be tried again"),
        NetworkFault.Tls => Refused(stage, server, "the TLS handshake failed", words.Tls),
        NetworkFault.Authentication => Refused(
            stage, server, "the server asks for an authentication that cannot be given", words.Authentication),
        _ => throw new UnreachableException(),
    };

    /// <summary>The failure for an address that the policy of this process forbids.</summary>
    /// <param name="server">As above.</param>
    public static Failure Of(Stage stage, DialObjection objection, Option<string> server) =>
        Refused(stage, server, objection.Said(), objection.Remedy());

    /// <summary>The failure for work that did not end within its limit.</summary>
    /// <param name="server">As above.</param>
    public static Failure Of(Stage stage, Fault.TooSlow late, NetworkWords words, Option<string> server) => stage == Stage.Commit
        ? Of(stage, new Fault.Network(NetworkFault.TimedOut), words, server)
        : TryLater(
            stage,
            server,
            $"not finished within the limit of {GoDuration.Format(late.Limit)}, so the connection was closed",
            "it is tried again; see what the server is busy with, and whether it is the right one");

    /// <summary>The failure for an answer beyond its limit.</summary>
    /// <param name="server">As above.</param>
    public static Failure Of(Stage stage, Fault.TooLarge answer, Option<string> server) => TryLater(
        stage,
        server,
        string.Create(
            CultureInfo.InvariantCulture,
            $"the server's answer is larger than the limit of {answer.LimitBytes >> 10:N0} KiB, so the connection was closed"),
        "see whether it is the right server; if it is, please report what it sends");

    /// <summary>The failure for a password that would have gone over the network unprotected.</summary>
    /// <param name="server">As above.</param>
    public static Failure Of(Stage stage, Fault.Unprotected asked, Option<string> server) => Refused(
        stage,
        server,
        $"the server asks for the password {asked.Form}, and the connection has no TLS, so it was not sent",
        "use TLS (sslmode=verify-full), or let the server ask for SCRAM-SHA-256 (password_encryption, pg_hba.conf)");

    private static string InTime(Option<TimeSpan> limit) => limit.Match(it => $"within {GoDuration.Format(it)}", () => "in time");

    private static Failure TryLater(Stage stage, Option<string> server, string said, string remedy) =>
        new Failure.TryLater(FailureLine.Of(stage, Prefixed(server, said), remedy), Waits.Soon) { IsOfConnection = stage == Stage.Connect };

    private static Failure Refused(Stage stage, Option<string> server, string said, string remedy) =>
        new Failure.Refused(FailureLine.Of(stage, Prefixed(server, said), remedy));

    private static string Prefixed(Option<string> server, string said) => server.Match(it => $"{it}: {said}", () => said);
}
