namespace Kollect.Core.Backends.MongoDb.Connections;

/// <summary>The ranges of the options that are numbers, for <c>spec.options</c> and connection strings alike.</summary>
/// <remarks>
/// Units, and the meaning of 0, are those of the MongoDB manual, "Connection String Options". The driver takes more: it keeps some times in an int32 and
/// hands others to timers, which end at 2^32 ms, and its threads abort the process there. A time before an operation begins is at most
/// <see cref="LongestConnect"/>; a time within one is at most <see cref="Longest"/>, as long as an export can be.
/// </remarks>
internal static class OptionRanges
{
    /// <summary>Connecting, authenticating and finding a server.</summary>
    public static readonly TimeSpan LongestConnect = TimeSpan.FromMinutes(10);

    /// <summary>Reading, writing and idling.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Manual, "Replica Set Limits": a replica set has at most 50 members. The driver starts two threads for each host.</summary>
    public const int MostMembers = 50;

    /// <summary>Most connections of a pool; an export uses one.</summary>
    public const int MostConnections = 1_000;

    /// <summary>By name, as the manual writes it.</summary>
    private static readonly Dictionary<string, NumberRange> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["connectTimeoutMS"] = Time(1, LongestConnect),
        ["serverSelectionTimeoutMS"] = Time(1, LongestConnect),
        ["waitQueueTimeoutMS"] = Time(1, LongestConnect),
        ["heartbeatFrequencyMS"] = Time(500, LongestConnect), // "Server Discovery and Monitoring": minHeartbeatFrequencyMS
        ["localThresholdMS"] = Time(0, LongestConnect),
        ["socketTimeoutMS"] = Time(0, Longest),
        ["wTimeoutMS"] = Time(1, Longest),
        ["maxIdleTimeMS"] = Time(0, Longest),
        ["maxPoolSize"] = new NumberRange(1, MostConnections, "connections"),
        ["minPoolSize"] = new NumberRange(0, MostConnections, "connections"),
        ["srvMaxHosts"] = new NumberRange(0, MostMembers, "hosts"),
        ["w"] = new NumberRange(1, MostMembers, "members"),
        ["zlibCompressionLevel"] = new NumberRange(-1, 9, "level"), // RFC 1950; -1 = zlib's own choice
    };

    /// <summary>The range of an option that is a number.</summary>
    public static NumberRange Of(string name) => ByName[name];

    /// <summary>The range of an option, ignoring case; None = the option is not a number.</summary>
    public static Option<NumberRange> Find(string name) => ByName.TryGetValue(name, out var range) ? range : None;

    private static NumberRange Time(int least, TimeSpan most) => new(least, (long)most.TotalMilliseconds, "milliseconds");
}
