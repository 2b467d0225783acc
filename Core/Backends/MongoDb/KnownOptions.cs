using System.Globalization;
using System.Text;

namespace Kollect.Core.Backends.MongoDb;

/// <summary><c>spec.options</c> that go into the connection string (MongoDB manual, "Connection String Options").</summary>
internal static class KnownOptions
{
    private const int MaxAppNameBytes = 128;
    private static readonly string[] Compressors = ["snappy", "zlib", "zstd"];
    private static readonly string[] ReadPreferences = ["primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest"];

    private static readonly Dictionary<string, Func<string, Option<string>>> Checks = new(StringComparer.Ordinal)
    {
        ["appName"] = value => Encoding.UTF8.GetByteCount(value) <= MaxAppNameBytes ? None : $"at most {MaxAppNameBytes} bytes in UTF-8 are possible",
        ["compressors"] = value => value.Split(',').All(item => Compressors.Contains(item.Trim())) ? None : "a list of snappy, zlib, zstd is possible",
        ["connectTimeoutMS"] = Milliseconds,
        ["directConnection"] = Boolean,
        ["heartbeatFrequencyMS"] = value => Number(value, 500, int.MaxValue, "milliseconds"),
        ["journal"] = Boolean,
        ["loadBalanced"] = Boolean,
        ["localThresholdMS"] = Milliseconds,
        ["maxIdleTimeMS"] = Milliseconds,
        ["maxPoolSize"] = value => Number(value, 1, 1000, "connections"),
        ["minPoolSize"] = value => Number(value, 0, 1000, "connections"),
        ["readPreference"] = value => ReadPreferences.Contains(value) ? None : $"{string.Join(", ", ReadPreferences)} are possible",
        ["replicaSet"] = value => value.Length > 0 ? None : "the name of the replica set is missing",
        ["retryReads"] = Boolean,
        ["retryWrites"] = Boolean,
        ["serverSelectionTimeoutMS"] = Milliseconds,
        ["socketTimeoutMS"] = Milliseconds,
        ["w"] = WriteConcern,
        ["wTimeoutMS"] = Milliseconds,
        ["zlibCompressionLevel"] = value => Number(value, -1, 9, "level"),
    };

    public static IEnumerable<string> Names => Checks.Keys;

    /// <summary>The objection to the value of a known option; None = a valid value, or an unknown option.</summary>
    public static Option<string> ValueProblem(string name, string value) => Checks.TryGetValue(name, out var check) ? check(value) : None;

    /// <summary>Unacknowledged writes would let the delete run before the upserts arrived.</summary>
    private static Option<string> WriteConcern(string value) =>
        value.Length > 0 && value != "0" ? None : "majority (default), a number of members from 1, or a tag is possible; 0 would lose rows without a word";

    private static Option<string> Boolean(string value) => value is "true" or "false" ? None : "true and false are possible";

    private static Option<string> Milliseconds(string value) => Number(value, 0, int.MaxValue, "milliseconds");

    private static Option<string> Number(string value, int min, int max, string unit) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? None
            : $"a whole number ({unit}), {min} to {max}, is possible";
}
