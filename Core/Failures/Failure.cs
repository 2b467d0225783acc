namespace Kollect.Core.Failures;

/// <summary>Why something did not happen, as one line for a person and a class for the program. Closed.</summary>
/// <remarks>Shape: <c>stage: what the server said, redacted (code) — what to do</c>.</remarks>
public abstract record Failure
{
    private Failure(string message) => Message = message;

    /// <summary>One line, free of anything from a Secret.</summary>
    public string Message { get; }

    /// <summary>Transient where there is a time to wait, else refused.</summary>
    public static Failure Of(string message, Option<TimeSpan> after) => after.Match<Failure>(
        wait => new TryLater(message, wait),
        () => new Refused(message));

    /// <summary>Retrying cannot help until the spec, the Secret or the server's settings change.</summary>
    /// <param name="Message">One line, free of anything from a Secret.</param>
    /// <param name="Gaps">What a preflight found, each with its remedy; empty for everything else.</param>
    public sealed record Refused(string Message, Seq<Refusal> Gaps) : Failure(Message)
    {
        /// <summary>A refusal that needs no more than its line.</summary>
        public Refused(string message)
            : this(message, Empty)
        {
        }

        /// <summary>It was a Secret, missing or unusable, and not the destination: nothing was connected.</summary>
        public bool IsOfSecret { get; init; }

        /// <summary>All gaps of one preflight: <c>preflight: 2 gaps: …; … — see the remedies</c>.</summary>
        public static Refused Preflight(Seq<Refusal> gaps) => new(
            FormattableString.Invariant($"preflight: {gaps.Count} {(gaps.Count == 1 ? "gap" : "gaps")}: ")
            + string.Join("; ", gaps.Map(gap => gap.What))
            + " — nothing was written; run what the remedies say, then again",
            gaps);
    }

    /// <summary>Transient.</summary>
    /// <param name="Message">One line, free of anything from a Secret.</param>
    /// <param name="After">The earliest time at which another attempt makes sense.</param>
    public sealed record TryLater(string Message, TimeSpan After) : Failure(Message);
}

/// <summary>Where in the course of an operation it happened.</summary>
public enum Stage
{
    /// <summary>Reaching the server and authenticating.</summary>
    Connect,

    /// <summary>Applying <c>spec.options</c>.</summary>
    Options,

    /// <summary>Reading the destination's state.</summary>
    Preflight,

    /// <summary>Creating what is missing.</summary>
    Provision,

    /// <summary>Writing the snapshot.</summary>
    Export,

    /// <summary>Waiting for the server to confirm: a connection that is lost here leaves the answer open.</summary>
    Commit,
}

/// <summary>What a driver reported, as plain facts. Closed.</summary>
public abstract record Fault
{
    private Fault() { }

    /// <summary>The server answered with an error.</summary>
    /// <param name="Code">The backend's own code: a SQLSTATE, a number of MongoDB, a reason of BigQuery.</param>
    /// <param name="Text">The server's words, not redacted yet.</param>
    /// <param name="Labels">What is said besides: MongoDB's labels such as <c>RetryableWriteError</c>, the HTTP status of BigQuery.</param>
    public sealed record Server(string Code, string Text, Seq<string> Labels = default) : Fault;

    /// <summary>This process does not let sinks connect there.</summary>
    public sealed record Forbidden(DialObjection Objection) : Fault;

    /// <summary>No answer, or none that could be read.</summary>
    public sealed record Network(NetworkFault Kind) : Fault;
}

/// <summary>How a connection failed, seen from the client.</summary>
public enum NetworkFault
{
    /// <summary>Nothing listens on the port.</summary>
    ConnectionRefused,

    /// <summary>The name has no address.</summary>
    UnknownHost,

    /// <summary>No route to the address.</summary>
    Unreachable,

    /// <summary>No answer within the time allowed.</summary>
    TimedOut,

    /// <summary>The connection ended in the middle.</summary>
    Broken,

    /// <summary>The TLS handshake failed, or TLS is wanted by one side only.</summary>
    Tls,

    /// <summary>The server wants an authentication method that the driver or the Secret cannot serve.</summary>
    Authentication,
}
