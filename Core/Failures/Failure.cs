using Kollect.Core.Formatting;
using Kollect.Core.Secrets;

namespace Kollect.Core.Failures;

/// <summary>The failure of an operation: a message for people, and a class that decides about retries. Closed.</summary>
/// <remarks>A message has the form <c>stage: server's message, redacted (code) — remedy</c>.</remarks>
internal abstract record Failure
{
    private Failure(string message) => Message = Shown.Plain(message);

    /// <summary>One line that contains nothing from a Secret, and no hidden character.</summary>
    public string Message { get; }

    /// <summary><see cref="TryLater"/> if there is a time to wait, else <see cref="Refused"/>.</summary>
    public static Failure Of(string message, Option<TimeSpan> after) => after.Match<Failure>(
        wait => new TryLater(message, wait),
        () => new Refused(message));

    /// <summary>A retry fails as well until the spec, the Secret or the server's settings change.</summary>
    /// <param name="Message">One line that contains nothing from a Secret.</param>
    /// <param name="Gaps">The gaps that a preflight found, each with its remedy; empty for every other failure.</param>
    public sealed record Refused(string Message, Seq<Refusal> Gaps) : Failure(Message)
    {
        /// <summary>A refusal without gaps.</summary>
        public Refused(string message)
            : this(message, Empty)
        {
        }

        /// <summary>True = a Secret is missing or unusable, so no connection was attempted.</summary>
        public bool IsOfSecret { get; init; }

        /// <summary>The gaps of one preflight in one message: <c>preflight: 2 gaps: …; … — nothing was written; …</c>.</summary>
        public static Refused Preflight(Seq<Refusal> gaps) => new(
            FormattableString.Invariant($"preflight: {gaps.Count} {(gaps.Count == 1 ? "gap" : "gaps")}: ")
            + string.Join("; ", gaps.Map(gap => gap.What))
            + " — nothing was written; run what the remedies say, then again",
            gaps);
    }

    /// <summary>A retry may succeed, because the cause can pass by itself.</summary>
    /// <param name="Message">One line that contains nothing from a Secret.</param>
    /// <param name="After">The shortest wait before the next attempt.</param>
    public sealed record TryLater(string Message, TimeSpan After) : Failure(Message)
    {
        /// <summary>True = no connection was made: the server is down, starting, or not reached. Another attempt costs it next to nothing.</summary>
        public bool IsOfConnection { get; init; }
    }
}

/// <summary>The step of an operation.</summary>
internal enum Stage
{
    /// <summary>Reaching the server and authenticating.</summary>
    Connect,

    /// <summary>Applying <c>spec.options</c>.</summary>
    Options,

    /// <summary>Reading the state of the destination.</summary>
    Preflight,

    /// <summary>Creating missing objects.</summary>
    Provision,

    /// <summary>Writing the snapshot.</summary>
    Export,

    /// <summary>Waiting for the server to confirm. After a lost connection it is unknown whether the snapshot was written.</summary>
    Commit,
}

/// <summary>An error that a driver reported, without the driver's types. Closed.</summary>
internal abstract record Fault
{
    private Fault() { }

    /// <summary>The server answered with an error.</summary>
    /// <param name="Code">The backend's code: a SQLSTATE of PostgreSQL, an error number of MongoDB, a reason of BigQuery.</param>
    /// <param name="Text">The server's message, not redacted yet.</param>
    /// <param name="Labels">Further facts: MongoDB's error labels such as <c>RetryableWriteError</c>, BigQuery's HTTP status.</param>
    public sealed record Server(string Code, string Text, Seq<string> Labels = default) : Fault
    {
        /// <summary>The setting that the server refused, if it does not stand in <c>spec.options</c>.</summary>
        public Option<RefusedSetting> Setting { get; init; }
    }

    /// <summary>The policy of this process forbids the address.</summary>
    public sealed record Forbidden(DialObjection Objection) : Fault;

    /// <summary>The server did not answer, or its answer could not be read.</summary>
    public sealed record Network(NetworkFault Kind) : Fault
    {
        /// <summary>The limit that is over, of <see cref="NetworkFault.TimedOut"/>; None = that of the driver.</summary>
        public Option<TimeSpan> Limit { get; init; }
    }

    /// <summary>The work did not end within the limit of this process, which has closed its connections.</summary>
    public sealed record TooSlow(TimeSpan Limit) : Fault;

    /// <summary>The server sent more than it may, and its connection was closed before the rest of it came.</summary>
    /// <param name="LimitBytes">For one answer.</param>
    public sealed record TooLarge(long LimitBytes) : Fault;

    /// <summary>The server asks for the password in a form that others can read on the way. It was not sent.</summary>
    /// <param name="Form"><c>in clear text</c></param>
    public sealed record Unprotected(string Form) : Fault;
}

/// <summary>The failure of a connection, as the client observes it.</summary>
internal enum NetworkFault
{
    /// <summary>Nothing listens on the port.</summary>
    ConnectionRefused,

    /// <summary>The name has no address.</summary>
    UnknownHost,

    /// <summary>No route to the address.</summary>
    Unreachable,

    /// <summary>No answer within the timeout.</summary>
    TimedOut,

    /// <summary>The connection ended during the operation.</summary>
    Broken,

    /// <summary>The TLS handshake failed, or only one side uses TLS.</summary>
    Tls,

    /// <summary>The server requires an authentication method that the driver or the Secret does not provide.</summary>
    Authentication,
}

/// <summary>A setting of a Secret that the server refused.</summary>
/// <param name="Place">For the message: <c>options in Secret shop/db, key dsn</c>.</param>
/// <param name="Value">Masked where the server repeats it.</param>
internal sealed record RefusedSetting(string Place, SecretText Value);
