using Kollect.Core.Failures;
using static Kollect.Core.Backends.ErrorEntry;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>
/// The class and the remedy of each error of MongoDB: by code, and for a code that is not in the table by the labels that the
/// server gives it (MongoDB, <c>error_codes.yml</c>; driver specification "Retryable Writes").
/// </summary>
internal static class Errors
{
    private static readonly TimeSpan Soon = Waits.Soon;
    private static readonly TimeSpan Later = Waits.Later;

    private static readonly NetworkWords Words = new(
        Unconfirmed: "rows of the snapshot may stand beside older ones",
        Broken: "no stale row was deleted, so at most rows of the snapshot stand beside older ones",
        Host: "the Secret",
        NotOurServer: "check host and port; is this a MongoDB server?",
        TimedOut: "look for a firewall, or raise options.serverSelectionTimeoutMS or options.socketTimeoutMS (milliseconds)",
        Tls: "check tls in the connection string, spec.tls and the server's certificate",
        Authentication: "put user and password into the Secret (SCRAM-SHA-256), and authSource where the user is not of database admin");

    private const string Driver = "driver";
    private const string TooOld = "driver: incompatible";
    private const string NobodyLoggedIn = "13 without a user";
    private const string Transient = "a label that asks for another attempt";

    /// <summary>The driver and the server have no version of the protocol in common.</summary>
    public static Fault Incompatible { get; } = new Fault.Server(TooOld, "the server speaks no version of the protocol that the driver speaks");

    /// <summary>The driver itself refused to work.</summary>
    public static Fault OfDriver(string text) => new Fault.Server(Driver, text);

    /// <summary>All known errors.</summary>
    public static ErrorTable Table { get; } = new(
        Entries: Seq(
            Try("6", "HostUnreachable", Soon, "it is tried again"),
            Try("7", "HostNotFound", Soon, "it is tried again"),
            Refuse("8", "UnknownError", "look into the server's log"),
            Refuse("9", "FailedToParse", "this server lacks a feature: use MongoDB 5.0 or newer"),
            Refuse("11", "UserNotFound", "correct the user in the Secret of databaseRef, or in secretRef"),
            Refuse("13", "Unauthorized", "grant the user the privileges that the preflight names"),
            Refuse(
                "18",
                "AuthenticationFailed",
                "correct user and password in the Secret of databaseRef, or in secretRef; name authSource where the user is not of database admin"),
            Refuse("20", "IllegalOperation", "set options.retryWrites to false for this server"),
            Try("26", "NamespaceNotFound", Soon, "the collection went away: the preflight says what is missing"),
            Refuse("40415", "Location40415", "this server lacks a feature: use MongoDB 5.0 or newer"),
            Try("50", "MaxTimeMSExpired", Later, "look for what slows the server"),
            Refuse("52", "DollarPrefixedFieldName", "this server stores no field name that begins with $: use MongoDB 5.0 or newer"),
            Refuse("57", "DottedFieldName", "this server stores no field name with a dot: use MongoDB 5.0 or newer"),
            Refuse("59", "CommandNotFound", "this server lacks a feature: use MongoDB 5.0 or newer"),
            Try("64", "WriteConcernFailed", Later, "too few members confirmed in time: look at the replica set, or change options.w or options.wTimeoutMS"),
            Refuse("72", "InvalidOptions", "correct spec.options"),
            Refuse("73", "InvalidNamespace", "correct spec.mongodb.database or spec.mongodb.collection"),
            Refuse("79", "UnknownReplWriteConcern", "correct options.w: the replica set has no such tag"),
            Refuse("85", "IndexOptionsConflict", "an index on the identity with other options or another name is in the way: the preflight names it"),
            Refuse("86", "IndexKeySpecsConflict", "the name kollect_identity belongs to an index on other fields: the preflight names them"),
            Try("89", "NetworkTimeout", Soon, "it is tried again"),
            Try("91", "ShutdownInProgress", Soon, "the server is being stopped"),
            Refuse("100", "UnsatisfiableWriteConcern", "correct options.w: the replica set has too few members"),
            Try("112", "WriteConflict", Soon, "another writer was in the way: it is tried again"),
            Refuse("115", "CommandNotSupportedOnView", "name a collection in spec.mongodb.collection"),
            Refuse("121", "DocumentValidationFailure", "the collection's validator refuses the rows: change it, or choose another collection"),
            Refuse("166", "CommandNotSupportedOnView", "name a collection in spec.mongodb.collection"),
            Try("189", "PrimarySteppedDown", Soon, "another member becomes the primary"),
            Try("262", "ExceededTimeLimit", Later, "look for what slows the server"),
            Refuse("8000", "AtlasError", "look at what the hosting service says"),
            Try("9001", "SocketException", Soon, "it is tried again"),
            Try("10107", "NotWritablePrimary", Soon, "another member becomes the primary; name all members in the connection string"),
            Refuse("10334", "BSONObjectTooLarge", "an item is beyond 16 MiB: please report it with the item"),
            Try("11000", "DuplicateKey", Soon, "another writer holds that row, or a further unique index is in the way: drop that index"),
            Try("11600", "InterruptedAtShutdown", Soon, "the server is being stopped"),
            Try("11602", "InterruptedDueToReplStateChange", Soon, "another member becomes the primary"),
            Refuse("13297", "DatabaseDifferCase", "a database whose name differs only in case exists: correct spec.mongodb.database"),
            Try("13435", "NotPrimaryNoSecondaryOk", Soon, "another member becomes the primary; name all members in the connection string"),
            Try("13436", "NotPrimaryOrSecondary", Soon, "the member is not ready yet"),
            Try("14031", "OutOfDiskSpace", Later, "free disk space on the server"),
            Refuse(Driver, "the driver itself", "correct the connection string in the Secret, or spec.options")),
        Special: Seq(
            Refuse(TooOld, "IncompatibleDriver", "use MongoDB 5.0 or newer"),
            Refuse(NobodyLoggedIn, "Unauthorized", Words.Authentication),
            Try(Transient, "RetryableWriteError", Soon, "it is tried again")),
        Keys: (_, fault) => Join(
            When(fault.Code == "13" && fault.Text.Contains("requires authentication", StringComparison.Ordinal), NobodyLoggedIn),
            Seq1(fault.Code),
            When(fault.Labels.Exists(label => label is "RetryableWriteError" or "TransientTransactionError" or "RetryableError"), Transient)),
        Network: Words,
        Unknown: "look it up in the server's error_codes.yml");

    private static Seq<string> When(bool condition, string key) => condition ? Seq1(key) : Empty;
}
