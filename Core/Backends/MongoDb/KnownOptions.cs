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
    private const string OfDriver = "that of the driver";
    private static readonly string[] Compressors = ["snappy", "zlib", "zstd"];
    private static readonly string[] ReadPreferences = ["primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest"];

    private static readonly Seq<KnownOption> All = Seq(
        new KnownOption(
            "appName", $"at most {MaxAppNameBytes} bytes", "none", "The name of the client in the log of the server.",
            value => Encoding.UTF8.GetByteCount(value) <= MaxAppNameBytes
                ? MongoDbKeys.TextProblem(value)
                : $"at most {MaxAppNameBytes} bytes in UTF-8 are possible"),
        new KnownOption(
            "compressors", $"a list of {string.Join(", ", Compressors)}", "no compression",
            "How messages are compressed; without effect in the operator, which unpacks nothing.",
            value => value.Split(',').All(item => Compressors.Contains(item.Trim())) ? None : "a list of snappy, zlib, zstd is possible"),
        Number("connectTimeoutMS", "How long a connection may take to be made."),
        Flag("directConnection", "True = only the named host is used, and not the replica set behind it.", "true for one host without replicaSet"),
        Number("heartbeatFrequencyMS", "The time between two checks of a server's state."),
        Flag("journal", "True = a write is acknowledged after it is in the journal on disk."),
        Flag("loadBalanced", "True = a load balancer stands in front of the servers."),
        Number("localThresholdMS", "How much slower than the fastest server another one may be to be chosen for reads."),
        Number("maxIdleTimeMS", "How long an idle connection is kept; 0 = without a limit."),
        Number("maxPoolSize", "The most connections of the pool; an export uses one."),
        Number("minPoolSize", "The fewest connections of the pool."),
        new KnownOption(
            "readPreference", string.Join(", ", ReadPreferences), "primary", "Without effect: an export reads from the primary.",
            value => ReadPreferences.Contains(value) ? None : $"{string.Join(", ", ReadPreferences)} are possible"),
        new KnownOption(
            "replicaSet", "the name of the replica set", "any", "Only members of this replica set are used.",
            value => value.Length > 0 ? MongoDbKeys.TextProblem(value) : "the name of the replica set is missing"),
        Flag("retryReads", "True = a read that failed by the network is sent once more."),
        Flag("retryWrites", "True = a write that failed by the network is sent once more, and applied once."),
        Number("serverSelectionTimeoutMS", "How long to wait for a usable server."),
        Number("socketTimeoutMS", "How long to wait for an answer; 0 = without a limit."),
        new KnownOption(
            "w", $"majority, 1 to {OptionRanges.MostMembers} members, or a tag", "majority",
            "How many members acknowledge a write before it counts.", WriteConcern),
        Number("wTimeoutMS", "How long the members may take to acknowledge a write."),
        new KnownOption(
            "zlibCompressionLevel", "-1 to 9", "-1", "From 0, none, to 9, best; -1 is zlib's own choice.", OptionRanges.Of("zlibCompressionLevel").Problem));

    /// <summary>Each in words.</summary>
    public static Seq<OptionText> Texts => All.Map(option => option.Text);

    public static IEnumerable<string> Names => All.Map(option => option.Text.Name);

    /// <summary>The objection to the value of a known option; None = a valid value, or an unknown option.</summary>
    public static Option<string> ValueProblem(string name, string value) =>
        All.Find(option => option.Text.Name == name).Bind(option => option.Problem(value));

    /// <summary>Unacknowledged writes would let the delete run before the upserts arrived.</summary>
    private static Option<string> WriteConcern(string value) =>
        value.Length > 0
        && (ConnectionOptions.IsNumberLike(value) ? OptionRanges.Of("w").Problem(value).IsNone : MongoDbKeys.TextProblem(value).IsNone)
            ? None
            : $"majority (default), a number of members from 1 to {OptionRanges.MostMembers}, or a tag of at most {MongoDbKeys.MaxText} characters is "
                + "possible; "
                + "0 would lose rows without a word";

    private static KnownOption Flag(string name, string meaning, string @default = OfDriver) =>
        new(name, "true, false", @default, meaning, value => value is "true" or "false" ? None : "true and false are possible");

    private static KnownOption Number(string name, string meaning) => new(name, OptionRanges.Of(name), OfDriver, meaning);
}
