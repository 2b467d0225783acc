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
        ["appName"] = value => Encoding.UTF8.GetByteCount(value) <= MaxAppNameBytes
            ? MongoDbKeys.TextProblem(value)
            : $"at most {MaxAppNameBytes} bytes in UTF-8 are possible",
        ["compressors"] = value => value.Split(',').All(item => Compressors.Contains(item.Trim())) ? None : "a list of snappy, zlib, zstd is possible",
        ["connectTimeoutMS"] = Number("connectTimeoutMS"),
        ["directConnection"] = Boolean,
        ["heartbeatFrequencyMS"] = Number("heartbeatFrequencyMS"),
        ["journal"] = Boolean,
        ["loadBalanced"] = Boolean,
        ["localThresholdMS"] = Number("localThresholdMS"),
        ["maxIdleTimeMS"] = Number("maxIdleTimeMS"),
        ["maxPoolSize"] = Number("maxPoolSize"),
        ["minPoolSize"] = Number("minPoolSize"),
        ["readPreference"] = value => ReadPreferences.Contains(value) ? None : $"{string.Join(", ", ReadPreferences)} are possible",
        ["replicaSet"] = value => value.Length > 0 ? MongoDbKeys.TextProblem(value) : "the name of the replica set is missing",
        ["retryReads"] = Boolean,
        ["retryWrites"] = Boolean,
        ["serverSelectionTimeoutMS"] = Number("serverSelectionTimeoutMS"),
        ["socketTimeoutMS"] = Number("socketTimeoutMS"),
        ["w"] = WriteConcern,
        ["wTimeoutMS"] = Number("wTimeoutMS"),
        ["zlibCompressionLevel"] = Number("zlibCompressionLevel"),
    };

    public static IEnumerable<string> Names => Checks.Keys;

    /// <summary>The objection to the value of a known option; None = a valid value, or an unknown option.</summary>
    public static Option<string> ValueProblem(string name, string value) => Checks.TryGetValue(name, out var check) ? check(value) : None;

    /// <summary>Unacknowledged writes would let the delete run before the upserts arrived.</summary>
    private static Option<string> WriteConcern(string value) =>
        value.Length > 0
        && (ConnectionOptions.IsNumberLike(value) ? OptionRanges.Of("w").Problem(value).IsNone : MongoDbKeys.TextProblem(value).IsNone)
            ? None
            : $"majority (default), a number of members from 1 to {OptionRanges.MostMembers}, or a tag of at most {MongoDbKeys.MaxText} characters is "
                + "possible; "
                + "0 would lose rows without a word";

    private static Option<string> Boolean(string value) => value is "true" or "false" ? None : "true and false are possible";

    private static Func<string, Option<string>> Number(string name) => OptionRanges.Of(name).Problem;
}
