using System.Diagnostics;

namespace Kollect.Core.Failures;

/// <summary>What a backend adds to the words for a broken connection.</summary>
/// <param name="Unconfirmed">What is known of the rows when the answer to the commit is lost.</param>
/// <param name="Broken">What is known of them when the connection ends before.</param>
/// <param name="Host">Where the host's name stands.</param>
/// <param name="NotOurServer">What to check when no connection comes about.</param>
/// <param name="TimedOut">What to do about an answer that does not come.</param>
/// <param name="Tls">What to check when the handshake fails.</param>
/// <param name="Authentication">What to put into the Secret.</param>
public sealed record NetworkWords(string Unconfirmed, string Broken, string Host, string NotOurServer, string TimedOut, string Tls, string Authentication);

/// <summary>No answer, or none that could be read: the same classes for all backends.</summary>
public static class NetworkFailure
{
    /// <summary>Total.</summary>
    public static Failure Of(Stage stage, NetworkFault kind, NetworkWords words) => kind switch
    {
        NetworkFault.Broken or NetworkFault.TimedOut when stage == Stage.Commit => TryLater(
            stage, $"the connection ended before the server confirmed; {words.Unconfirmed}", "export again: it is repeatable"),
        NetworkFault.Broken when stage == Stage.Connect => TryLater(stage, "the connection could not be made", words.NotOurServer),
        NetworkFault.ConnectionRefused => TryLater(stage, "the server refused the connection", "is it running, and is the port right?"),
        NetworkFault.UnknownHost => TryLater(stage, "the host name has no address", $"correct the host in {words.Host}, or wait for its DNS record"),
        NetworkFault.Unreachable => TryLater(stage, "no route to the server", "look for a firewall or network policy"),
        NetworkFault.TimedOut => TryLater(stage, "no answer from the server in time", words.TimedOut),
        NetworkFault.Broken => TryLater(stage, $"the connection ended in the middle; {words.Broken}", "it can be tried again"),
        NetworkFault.Tls => Refused(stage, "the TLS handshake failed", words.Tls),
        NetworkFault.Authentication => Refused(stage, "the server asks for an authentication that cannot be given", words.Authentication),
        _ => throw new UnreachableException(),
    };

    /// <summary>The policy of this process forbids the address.</summary>
    public static Failure Of(Stage stage, DialObjection objection) => Refused(stage, objection.Said(), objection.Remedy());

    private static Failure TryLater(Stage stage, string said, string remedy) => new Failure.TryLater(FailureLine.Of(stage, said, remedy), Waits.Soon);

    private static Failure Refused(Stage stage, string said, string remedy) => new Failure.Refused(FailureLine.Of(stage, said, remedy));
}
