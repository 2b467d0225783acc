namespace Kollect.Core.Failures;

/// <summary>Why something did not happen, as one line for a person and a class for the program. Closed.</summary>
/// <remarks>Shape: <c>stage: what the server said, redacted (code) — what to do</c>.</remarks>
public abstract record Failure
{
    private Failure(string message) => Message = message;

    /// <summary>One line, free of anything from a Secret.</summary>
    public string Message { get; }

    /// <summary>Retrying cannot help until the spec, the Secret or the server's settings change.</summary>
    public sealed record Refused(string Message) : Failure(Message);

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
}

/// <summary>What a driver reported, as plain facts. Closed.</summary>
public abstract record Fault
{
    private Fault() { }

    /// <summary>The server answered with an error.</summary>
    /// <param name="Code">The backend's own code: a SQLSTATE.</param>
    /// <param name="Text">The server's words, not redacted yet.</param>
    public sealed record Server(string Code, string Text) : Fault;

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
