using System.Globalization;

namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>
/// What the driver made of a connection string. Texts do not tell: <c>w=00</c>, <c>ssl=False</c> and an option that comes twice mean what
/// the driver takes them for. None = the option is absent.
/// </summary>
internal sealed record ConnectionOptions
{
    /// <summary>The longest time for connecting and for finding a server.</summary>
    public static TimeSpan LongestConnect => OptionRanges.LongestConnect;

    /// <summary>The longest of all times.</summary>
    public static TimeSpan Longest => OptionRanges.Longest;

    /// <summary>The maximum number of hosts, in a connection string and behind a service record.</summary>
    public static int MostHosts => OptionRanges.MostMembers;

    /// <summary>The server answers a write once it is done.</summary>
    public bool IsAcknowledged { get; init; } = true;

    /// <summary>The tag that <c>w</c> names; None = it is absent, a number, or majority.</summary>
    public Option<string> WriteTag { get; init; }

    /// <summary>The number of members that <c>w</c> waits for; None = it is absent, a tag, or majority.</summary>
    public Option<int> WriteMembers { get; init; }

    /// <summary><c>srvMaxHosts</c>; 0 = no limit.</summary>
    public Option<int> SrvMaxHosts { get; init; }

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
        double.TryParse(tag, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || (tag.Length > 0 && tag.All(char.IsDigit))
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
            Time("connectTimeoutMS", ConnectTimeout),
            Time("serverSelectionTimeoutMS", ServerSelectionTimeout),
            Time("waitQueueTimeoutMS", WaitQueueTimeout),
            Time("socketTimeoutMS", SocketTimeout),
            Time("wTimeoutMS", WriteConcernTimeout),
            Time("heartbeatFrequencyMS", HeartbeatFrequency),
            Time("localThresholdMS", LocalThreshold),
            Time("maxIdleTimeMS", MaxIdleTime),
            Number("maxPoolSize", MaxPoolSize),
            Number("minPoolSize", MinPoolSize),
            Number("srvMaxHosts", SrvMaxHosts),
            Number("w", WriteMembers),
            Number("zlibCompressionLevel", ZlibLevel)).Bind(it => it.ToSeq()).HeadOrNone();
    }

    private static Option<(string, string)> Time(string name, Option<TimeSpan> value) => Number(name, value.Map(time => time.TotalMilliseconds));

    private static Option<(string, string)> Number(string name, Option<int> value) => Number(name, value.Map(number => (double)number));

    private static Option<(string, string)> Number(string name, Option<double> value) =>
        value.Bind(OptionRanges.Of(name).Problem).Map(why => (name, $"{name} is {why}; correct it"));
}
