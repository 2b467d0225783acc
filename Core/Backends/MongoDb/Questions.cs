using Kollect.Core.Backends.MongoDb.Bson;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The commands that read the destination's state; none of them changes anything.</summary>
internal static class Questions
{
    /// <summary>The database of commands that concern the server.</summary>
    public const string Admin = "admin";

    /// <summary>Asks for the role of the server.</summary>
    public static ReadOnlyMemory<byte> Hello { get; } = Command("hello"u8);

    /// <summary>Asks for the version of the server.</summary>
    public static ReadOnlyMemory<byte> BuildInfo { get; } = Command("buildInfo"u8);

    /// <summary>Asks for the privileges of the user.</summary>
    public static ReadOnlyMemory<byte> ConnectionStatus { get; } =
        new BsonWriter(64).StartDocument().Int32("connectionStatus"u8, 1).Boolean("showPrivileges"u8, true).End().Written;

    /// <summary>Asks for the collection of a name with its options, which takes the right to list the collections of the database.</summary>
    public static ReadOnlyMemory<byte> CollectionWithOptions(Namespace collection) => new BsonWriter()
        .StartDocument()
        .Int32("listCollections"u8, 1)
        .StartDocument("filter"u8).String("name"u8, collection.Collection).End()
        .End()
        .Written;

    /// <summary>Asks for the collection of a name, in the form that a user without rights on the whole database may use too.</summary>
    public static ReadOnlyMemory<byte> Collection(Namespace collection) => new BsonWriter()
        .StartDocument()
        .Int32("listCollections"u8, 1)
        .StartDocument("filter"u8).String("name"u8, collection.Collection).End()
        .Boolean("nameOnly"u8, true)
        .Boolean("authorizedCollections"u8, true)
        .End()
        .Written;

    /// <summary>A collection has at most 64 of them, which fit into the first batch (101).</summary>
    public static ReadOnlyMemory<byte> Indexes(Namespace collection) => new BsonWriter()
        .StartDocument().String("listIndexes"u8, collection.Collection).StartDocument("cursor"u8).End().End().Written;

    private static ReadOnlyMemory<byte> Command(ReadOnlySpan<byte> name) => new BsonWriter(32).StartDocument().Int32(name, 1).End().Written;
}
