using System.Globalization;

namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>
/// What the driver made of a connection string. Texts do not tell: <c>w=00</c>, <c>ssl=False</c> and an option that comes twice mean what
/// the driver takes them for. None = the option is absent.
/// </summary>
public sealed record ConnectionOptions
{
    /// <summary>The longest of all times: a day. Timers of .NET end at 2^32 ms, and the driver counts some in an int32.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(1);

    /// <summary>The shortest <c>heartbeatFrequencyMS</c> (driver specification "Server Discovery and Monitoring": minHeartbeatFrequencyMS).</summary>
    public static TimeSpan ShortestHeartbeat { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Most connections of a pool; an export uses one.</summary>
    public const int MostConnections = 1_000;

    /// <summary>The server answers a write once it is done.</summary>
    public bool IsAcknowledged { get; init; } = true;

    /// <summary>The tag that <c>w</c> names; None = it is absent, a number, or majority.</summary>
    public Option<string> WriteTag { get; init; }

    /// <summary><c>tls</c> or <c>ssl</c>; <c>mongodb+srv</c> implies true.</summary>
    public Option<bool> Tls { get; init; }

    /// <summary>The connection string takes the verification of certificates away.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>The connection string names a proxy.</summary>
    public bool HasProxy { get; init; }

    /// <summary><c>connectTimeoutMS</c></summary>
    public Option<TimeSpan> ConnectTimeout { get; init; }

    /// <summary><c>serverSelectionTimeoutMS</c></summary>
    public Option<TimeSpan> ServerSelectionTimeout { get; init; }

    /// <summary><c>waitQueueTimeoutMS</c></summary>
    public Option<TimeSpan> WaitQueueTimeout { get; init; }

    /// <summary><c>socketTimeoutMS</c>; zero = no limit.</summary>
    public Option<TimeSpan> SocketTimeout { get; init; }

    /// <summary><c>wTimeoutMS</c></summary>
    public Option<TimeSpan> WriteConcernTimeout { get; init; }

    /// <summary><c>heartbeatFrequencyMS</c></summary>
    public Option<TimeSpan> HeartbeatFrequency { get; init; }

    /// <summary><c>localThresholdMS</c></summary>
    public Option<TimeSpan> LocalThreshold { get; init; }

    /// <summary><c>maxIdleTimeMS</c>; zero = no limit.</summary>
    public Option<TimeSpan> MaxIdleTime { get; init; }

    /// <summary><c>maxPoolSize</c></summary>
    public Option<int> MaxPoolSize { get; init; }

    /// <summary><c>minPoolSize</c></summary>
    public Option<int> MinPoolSize { get; init; }

    /// <summary><c>zlibCompressionLevel</c>; -1 = zlib's own choice.</summary>
    public Option<int> ZlibLevel { get; init; }

    /// <summary><c>0x0</c>, <c>0.0</c>, <c>2147483648</c>: nobody means a tag.</summary>
    internal static bool IsNumberLike(string tag) =>
        double.TryParse(tag, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        || tag.Trim().TrimStart('+', '-') is ['0', 'x' or 'X' or 'b' or 'B' or 'o' or 'O', ..];

    /// <summary>The option that is the first reason not to connect, and why; None = there is none.</summary>
    /// <param name="wantsTls"><c>spec.tls</c> asks for it.</param>
    public Option<(string Option, string Why)> Problem(bool wantsTls)
    {
        if (!IsAcknowledged)
            return ("w", "w is 0, so rows would be lost without an error; remove it");
        if (WriteTag.Exists(IsNumberLike))
            return ("w", "w is a number in a form that MongoDB takes for the name of a tag; write majority, or a number of members from 1");
        if (wantsTls && Tls == Some(false))
            return ("tls", "tls is false, which contradicts spec.tls; remove one of them");
        if (SkipsVerification)
            return ("tlsInsecure", "any certificate would be accepted; that is a setting of the sink: set spec.tls.insecureSkipVerify");
        if (HasProxy)
            return ("proxyHost", "a proxy is named, which would see rows and password; remove it");
        return Seq(
            Time("connectTimeoutMS", ConnectTimeout, TimeSpan.FromMilliseconds(1)),
            Time("serverSelectionTimeoutMS", ServerSelectionTimeout, TimeSpan.FromMilliseconds(1)),
            Time("waitQueueTimeoutMS", WaitQueueTimeout, TimeSpan.FromMilliseconds(1)),
            Time("socketTimeoutMS", SocketTimeout, TimeSpan.Zero),
            Time("wTimeoutMS", WriteConcernTimeout, TimeSpan.FromMilliseconds(1)),
            Time("heartbeatFrequencyMS", HeartbeatFrequency, ShortestHeartbeat),
            Time("localThresholdMS", LocalThreshold, TimeSpan.Zero),
            Time("maxIdleTimeMS", MaxIdleTime, TimeSpan.Zero),
            Number("maxPoolSize", MaxPoolSize, 1, MostConnections, "connections"),
            Number("minPoolSize", MinPoolSize, 0, MostConnections, "connections"),
            Number("zlibCompressionLevel", ZlibLevel, -1, 9, "(level)")).Bind(it => it.ToSeq()).HeadOrNone();
    }

    private static Option<(string, string)> Time(string name, Option<TimeSpan> value, TimeSpan least) =>
        value.Bind(time => Number(name, time.TotalMilliseconds, least.TotalMilliseconds, Longest.TotalMilliseconds, "milliseconds"));

    private static Option<(string, string)> Number(string name, Option<int> value, int least, int most, string unit) =>
        value.Bind(number => Number(name, (double)number, least, most, unit));

    private static Option<(string, string)> Number(string name, double value, double least, double most, string unit) =>
        value >= least && value <= most && value % 1 == 0
            ? None
            : Some((name, string.Create(
                CultureInfo.InvariantCulture,
                $"{name} is {value:#,0.###} {unit}; a whole number from {least:N0} to {most:N0} is possible; correct it")));
}
