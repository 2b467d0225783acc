using System.Globalization;
using System.Text;
using Kollect.Core.Backends.MongoDb.Connections;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>
/// <c>spec.options</c> that go into the connection string (MongoDB manual, "Connection String Options"), judged by their text before there is a
/// driver; <see cref="ConnectionOptions"/> judges them again by what the driver makes of them.
/// </summary>
internal static class KnownOptions
{
    private const int MaxAppNameBytes = 128;
    private static readonly string[] Compressors = ["snappy", "zlib", "zstd"];
    private static readonly string[] ReadPreferences = ["primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest"];

    private static readonly Dictionary<string, Func<string, Option<string>>> Checks = new(StringComparer.Ordinal)
    {
        ["appName"] = value => Encoding.UTF8.GetByteCount(value) <= MaxAppNameBytes ? None : $"at most {MaxAppNameBytes} bytes in UTF-8 are possible",
        ["compressors"] = value => value.Split(',').All(item => Compressors.Contains(item.Trim())) ? None : "a list of snappy, zlib, zstd is possible",
        ["connectTimeoutMS"] = value => Milliseconds(value, least: 1),
        ["directConnection"] = Boolean,
        ["heartbeatFrequencyMS"] = value => Milliseconds(value, (int)ConnectionOptions.ShortestHeartbeat.TotalMilliseconds),
        ["journal"] = Boolean,
        ["loadBalanced"] = Boolean,
        ["localThresholdMS"] = value => Milliseconds(value, least: 0),
        ["maxIdleTimeMS"] = value => Milliseconds(value, least: 0),
        ["maxPoolSize"] = value => Number(value, 1, ConnectionOptions.MostConnections, "connections"),
        ["minPoolSize"] = value => Number(value, 0, ConnectionOptions.MostConnections, "connections"),
        ["readPreference"] = value => ReadPreferences.Contains(value) ? None : $"{string.Join(", ", ReadPreferences)} are possible",
        ["replicaSet"] = value => value.Length > 0 ? None : "the name of the replica set is missing",
        ["retryReads"] = Boolean,
        ["retryWrites"] = Boolean,
        ["serverSelectionTimeoutMS"] = value => Milliseconds(value, least: 1),
        ["socketTimeoutMS"] = value => Milliseconds(value, least: 0),
        ["w"] = WriteConcern,
        ["wTimeoutMS"] = value => Milliseconds(value, least: 1),
        ["zlibCompressionLevel"] = value => Number(value, -1, 9, "level"),
    };

    public static IEnumerable<string> Names => Checks.Keys;

    /// <summary>The objection to the value of a known option; None = a valid value, or an unknown option.</summary>
    public static Option<string> ValueProblem(string name, string value) => Checks.TryGetValue(name, out var check) ? check(value) : None;

    /// <summary>Unacknowledged writes would let the delete run before the upserts arrived.</summary>
    private static Option<string> WriteConcern(string value) =>
        value.Length > 0 && (int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var members)
            ? members > 0
            : !ConnectionOptions.IsNumberLike(value))
            ? None
            : "majority (default), a number of members from 1, or a tag is possible; 0 would lose rows without a word";

    private static Option<string> Boolean(string value) => value is "true" or "false" ? None : "true and false are possible";

    private static Option<string> Milliseconds(string value, int least) =>
        Number(value, least, (int)ConnectionOptions.Longest.TotalMilliseconds, "milliseconds");

    private static Option<string> Number(string value, int min, int max, string unit) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? None
            : $"a whole number ({unit}), {min} to {max}, is possible";
}
