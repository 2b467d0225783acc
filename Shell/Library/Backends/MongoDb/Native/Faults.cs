using System.Globalization;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Failures;

namespace Kollect.Shell.Backends.MongoDb.Native;

/// <summary>Maps libmongoc's errors to faults, which Core classifies.</summary>
internal static class Faults
{
    // Domains and codes of mongoc-error.h.
    private const uint DomainClient = 1;
    internal const uint DomainStream = 2;
    private const uint DomainScram = 14;
    private const uint DomainServerSelection = 15;
    private const uint DomainWriteConcern = 16;
    private const uint DomainServer = 17;
    internal const uint StreamNameResolution = 3;
    internal const uint StreamConnect = 5;
    private const uint ClientAuthenticate = 11;

    // Codes of servers.
    private const string AuthenticationFailed = "18";
    private const string NotWritablePrimary = "10107";

    /// <param name="error">The driver's error.</param>
    /// <param name="reply">The server's reply; empty = there is none.</param>
    public static MongoDbException Of(Mongoc.Error error, ReadOnlySpan<byte> reply) =>
        new(Fault(error.Domain, error.Code, error.Message, Labels(reply)), $"libmongoc error {error.Domain}.{error.Code}");

    private static Fault Fault(uint domain, uint code, string message, Seq<string> labels) => domain switch
    {
        DomainServer or DomainWriteConcern => new Fault.Server(code.ToString(CultureInfo.InvariantCulture), message, labels),
        DomainClient when code == ClientAuthenticate => new Fault.Server(AuthenticationFailed, message, labels),
        DomainScram => new Fault.Server(AuthenticationFailed, message, labels),
        DomainStream when code == StreamNameResolution => new Fault.Network(NetworkFault.UnknownHost),
        DomainStream => new Fault.Network(Network(message)),
        // No cause for a single server stands between brackets: all were reached, and none takes writes.
        DomainServerSelection when !message.Contains('[', StringComparison.Ordinal) =>
            new Fault.Server(NotWritablePrimary, "no member of the replica set takes writes"),
        DomainServerSelection => new Fault.Network(Network(message)),
        _ => new Fault.Server("libmongoc", message, labels),
    };

    // The driver has no codes for these; its texts are always English and have not changed for years.
    private static NetworkFault Network(string message) => message switch
    {
        _ when Says(message, "TLS") || Says(message, "SSL") || Says(message, "certificate") => NetworkFault.Tls,
        _ when Says(message, "connection refused") => NetworkFault.ConnectionRefused,
        _ when Says(message, "resolve") || Says(message, "getaddrinfo") => NetworkFault.UnknownHost,
        _ when Says(message, "timeout calling") || Says(message, "timed out") => NetworkFault.TimedOut,
        _ when Says(message, "unreachable") || Says(message, "no route") => NetworkFault.Unreachable,
        _ => NetworkFault.Broken,
    };

    private static bool Says(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static Seq<string> Labels(ReadOnlySpan<byte> reply)
    {
        if (reply.IsEmpty || !BsonReader.Find(reply, "errorLabels"u8, out var labels))
            return Empty;
        List<string> found = [];
        var items = new BsonReader(labels.AsDocument());
        while (items.Read())
            found.Add(items.AsString());
        return found.ToArray().ToSeq();
    }
}
