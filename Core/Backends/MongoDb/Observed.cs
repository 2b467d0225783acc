using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The state of the destination as the server reports it, read without changing anything.</summary>
/// <param name="ServerVersion">As <c>buildInfo</c> gives it: <c>7.0.5</c>.</param>
/// <param name="Writable">A primary, a stand-alone server or mongos; not a secondary.</param>
/// <param name="Privileges">None = authentication is off, or the server does not report privileges; an export then meets any missing one.</param>
/// <param name="Collection">None = no collection of that name that the user may see.</param>
internal sealed record Observed(string ServerVersion, bool Writable, Option<Seq<Privilege>> Privileges, Option<ObservedCollection> Collection)
{
    /// <summary>The collection of the ledger; its indexes are not looked at. None = there is none that the user may see.</summary>
    public Option<ObservedCollection> Ledger { get; init; }

    /// <summary>True when the user may perform <paramref name="action"/> on the collection, and when that is unknown.</summary>
    public bool Allows(Namespace collection, string action) =>
        Privileges.ForAll(granted => granted.Exists(privilege => privilege.Covers(collection) && privilege.Actions.Contains(action)));
}

/// <summary>The actions that a user may perform on a resource (MongoDB manual, "Resource Document").</summary>
/// <param name="Database">Empty = every database.</param>
/// <param name="Collection">Empty = every collection.</param>
/// <param name="Anything">Every resource there is.</param>
/// <param name="Actions"><c>find</c>, <c>insert</c>, …</param>
internal sealed record Privilege(string Database, string Collection, bool Anything, Seq<string> Actions)
{
    /// <summary>True when the collection is part of the resource.</summary>
    public bool Covers(Namespace collection) =>
        Anything || ((Database.Length == 0 || Database == collection.Database) && (Collection.Length == 0 || Collection == collection.Collection));
}

/// <summary>A collection, view or time series of the wanted name.</summary>
/// <param name="Kind"><c>collection</c>, <c>view</c> or <c>timeseries</c>.</param>
/// <param name="Indexes">None = the user may not list them.</param>
/// <param name="Options">None = the user may only list names.</param>
internal sealed record ObservedCollection(string Kind, Option<Seq<ObservedIndex>> Indexes, Option<CollectionOptions> Options);

/// <summary>Options with which a collection was created (<c>listCollections</c>).</summary>
/// <param name="Capped">Of a fixed size: the oldest documents make room for new ones.</param>
/// <param name="Collated">Texts are compared by the rules of a language, so that different ones may be equal.</param>
/// <param name="Validated">A validator refuses documents.</param>
internal sealed record CollectionOptions(bool Capped, bool Collated, bool Validated);

/// <summary>An index that exists.</summary>
/// <param name="Name">The server's name of it.</param>
/// <param name="Keys">Fields in index order; ascending and descending serve alike, any other kind stands after a colon: <c>payload:text</c>.</param>
/// <param name="Unique">No two documents with the same keys.</param>
/// <param name="Restricted">Partial, sparse, with a collation, hidden or still being prepared: it does not hold for every document.</param>
/// <param name="ExpiresAfterSeconds">A TTL index: the server deletes a document this long after the date in its field.</param>
internal sealed record ObservedIndex(string Name, Seq<string> Keys, bool Unique, bool Restricted, Option<long> ExpiresAfterSeconds = default);

/// <summary>Replies of the server -> facts. A missing field has the server's default.</summary>
internal static class Replies
{
    /// <summary>The kind of a collection that rows can be written into; the others are <c>view</c> and <c>timeseries</c>.</summary>
    public const string Collection = "collection";

    /// <summary>The user may not ask that question.</summary>
    public static bool IsUnauthorized(Fault fault) => fault is Fault.Server { Code: "13" };

    /// <summary><c>hello</c>: true when the server accepts writes.</summary>
    public static bool IsWritable(ReadOnlySpan<byte> hello) =>
        BsonReader.Find(hello, "isWritablePrimary"u8, out var primary) && primary.AsBoolean();

    /// <summary><c>buildInfo</c>.</summary>
    public static string Version(ReadOnlySpan<byte> buildInfo) =>
        BsonReader.Find(buildInfo, "version"u8, out var version) ? version.AsString() : "unknown";

    /// <summary><c>connectionStatus</c> with <c>showPrivileges</c>; None = no user is authenticated, or no privileges are reported.</summary>
    public static Option<Seq<Privilege>> Privileges(ReadOnlySpan<byte> status)
    {
        if (!BsonReader.Find(status, "authInfo"u8, out var info)
            || !BsonReader.Find(info.AsDocument(), "authenticatedUsers"u8, out var users)
            || !new BsonReader(users.AsDocument()).Read()
            || !BsonReader.Find(info.AsDocument(), "authenticatedUserPrivileges"u8, out var granted))
            return None;

        List<Privilege> privileges = [];
        var items = new BsonReader(granted.AsDocument());
        while (items.Read())
            if (BsonReader.Find(items.AsDocument(), "resource"u8, out var resource) && BsonReader.Find(items.AsDocument(), "actions"u8, out var actions))
                privileges.Add(ReadPrivilege(resource.AsDocument(), Texts(actions.AsDocument())));
        return privileges.Count == 0 ? None : Some(privileges.ToArray().ToSeq());
    }

    /// <summary><c>listCollections</c> for one name; None = there is none.</summary>
    public static Option<string> KindOfCollection(ReadOnlySpan<byte> reply)
    {
        var batch = FirstBatch(reply);
        if (!batch.Read())
            return None;
        return BsonReader.Find(batch.AsDocument(), "type"u8, out var type) ? type.AsString() : Collection;
    }

    /// <summary>The same with its options, and without its indexes.</summary>
    public static Option<ObservedCollection> CollectionOf(byte[] reply) =>
        KindOfCollection(reply).Map(kind => new ObservedCollection(kind, None, OptionsOfCollection(reply)));

    /// <summary>The options in the same reply, where it was asked for more than names.</summary>
    public static Option<CollectionOptions> OptionsOfCollection(ReadOnlySpan<byte> reply)
    {
        var batch = FirstBatch(reply);
        if (!batch.Read() || !BsonReader.Find(batch.AsDocument(), "options"u8, out var options))
            return None;
        var (capped, collated, validator, level, action) = (false, false, false, "strict", "error");
        var fields = new BsonReader(options.AsDocument());
        while (fields.Read())
        {
            if (fields.Name.SequenceEqual("capped"u8)) capped = fields.AsBoolean();
            else if (fields.Name.SequenceEqual("collation"u8)) collated = true;
            else if (fields.Name.SequenceEqual("validator"u8)) validator = new BsonReader(fields.AsDocument()).Read();
            else if (fields.Name.SequenceEqual("validationLevel"u8)) level = fields.AsString();
            else if (fields.Name.SequenceEqual("validationAction"u8)) action = fields.AsString();
        }

        return new CollectionOptions(capped, collated, validator && level != "off" && action != "warn");
    }

    /// <summary><c>listIndexes</c>.</summary>
    public static Seq<ObservedIndex> Indexes(ReadOnlySpan<byte> reply)
    {
        List<ObservedIndex> indexes = [];
        var batch = FirstBatch(reply);
        while (batch.Read())
            indexes.Add(ReadIndex(batch.AsDocument()));
        return indexes.ToArray().ToSeq();
    }

    internal static BsonReader FirstBatch(ReadOnlySpan<byte> reply) =>
        BsonReader.Find(reply, "cursor"u8, out var cursor) && BsonReader.Find(cursor.AsDocument(), "firstBatch"u8, out var batch)
            ? new BsonReader(batch.AsDocument())
            : new BsonReader([5, 0, 0, 0, 0]);

    private static Privilege ReadPrivilege(ReadOnlySpan<byte> resource, Seq<string> actions)
    {
        var (database, collection, anything, named) = ("", "", false, false);
        var fields = new BsonReader(resource);
        while (fields.Read())
        {
            if (fields.Name.SequenceEqual("db"u8)) (database, named) = (fields.AsString(), true);
            else if (fields.Name.SequenceEqual("collection"u8)) (collection, named) = (fields.AsString(), true);
            else if (fields.Name.SequenceEqual("anyResource"u8)) anything = fields.AsBoolean();
        }

        // A resource without names, such as { cluster: true }, is no collection.
        return new Privilege(database, collection, anything, named || anything ? actions : Empty);
    }

    private static ObservedIndex ReadIndex(ReadOnlySpan<byte> index)
    {
        var (name, unique, restricted, expires) = ("", false, false, Option<long>.None);
        var keys = Seq<string>();
        var fields = new BsonReader(index);
        while (fields.Read())
        {
            if (fields.Name.SequenceEqual("name"u8)) name = fields.AsString();
            else if (fields.Name.SequenceEqual("key"u8)) keys = Keys(fields.AsDocument());
            else if (fields.Name.SequenceEqual("unique"u8)) unique = fields.AsBoolean();
            else if (fields.Name.SequenceEqual("expireAfterSeconds"u8)) expires = fields.AsInt64();
            else if (fields.Name.SequenceEqual("partialFilterExpression"u8) || fields.Name.SequenceEqual("collation"u8)) restricted = true;
            else if (fields.Name.SequenceEqual("sparse"u8) || fields.Name.SequenceEqual("hidden"u8) || fields.Name.SequenceEqual("prepareUnique"u8))
                restricted |= fields.AsBoolean();
        }

        return new ObservedIndex(name, keys, unique, restricted, expires);
    }

    private static Seq<string> Keys(ReadOnlySpan<byte> document)
    {
        List<string> keys = [];
        var fields = new BsonReader(document);
        while (fields.Read())
            keys.Add(System.Text.Encoding.UTF8.GetString(fields.Name) + (fields.Type == BsonType.String ? $":{fields.AsString()}" : ""));
        return keys.ToArray().ToSeq();
    }

    private static Seq<string> Texts(ReadOnlySpan<byte> array)
    {
        List<string> texts = [];
        var items = new BsonReader(array);
        while (items.Read())
            texts.Add(items.AsString());
        return texts.ToArray().ToSeq();
    }
}
