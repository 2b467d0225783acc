using Kollect.Core.Formatting;
using static Kollect.Core.Sinks.NameRules;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>Checks names against MongoDB's rules. Each method returns the objection; None = the name is stored exactly as written.</summary>
internal static class MongoDbNames
{
    private const int DatabaseMaxBytes = 63;
    private const int NamespaceMaxBytes = 255;
    private static readonly string[] OwnDatabases = ["admin", "config", "local"];

    /// <summary>MongoDB manual, "Naming Restrictions": at most 63 bytes, none of <c>/\. "$*&lt;&gt;:|?</c> or NUL.</summary>
    public static Option<string> Database(string name) =>
        Empty(name) || Blank(name) || NotText(name)
        || Contains(name, "/\\. \"$*<>:|?", "a MongoDB database name") || TooLong(name, DatabaseMaxBytes, "MongoDB", "");

    /// <summary>
    /// <c>admin</c>, <c>config</c> and <c>local</c> in any case: names that differ in case only are one database to the server (MongoDB manual,
    /// "Naming Restrictions").
    /// </summary>
    public static Option<string> OwnDatabase(string name) =>
        OwnDatabases.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? $"{Shown.Quoted(name)} is a database of MongoDB itself, which is no place for collections; name a database of your own"
            : None;

    /// <summary>A collection's name may contain dots, but its database does not stand in it.</summary>
    public static Option<string> QualifiedCollection(string database, string name) =>
        database.Length > 0 && name.StartsWith($"{database}.", StringComparison.Ordinal)
            ? $"{Shown.Quoted(name)} begins with the name of the database, which becomes a part of the collection's name; write the collection's name alone"
            : None;

    /// <summary>MongoDB manual, "Naming Restrictions": no <c>$</c> or NUL, not <c>system.</c>; with its database at most 255 bytes.</summary>
    public static Option<string> Collection(string database, string name) =>
        Empty(name) || Blank(name) || NotText(name) || Contains(name, "$", "a MongoDB collection name")
        || (name.StartsWith("system.", StringComparison.Ordinal) ? Some($"{Shown.Quoted(name)} begins with system., which MongoDB keeps for itself") : None)
        || (name.StartsWith('.') || name.EndsWith('.') || name.Contains("..", StringComparison.Ordinal)
            ? Some($"{Shown.Quoted(name)} has an empty part between dots, which MongoDB refuses")
            : None)
        || TooLong($"{database}.{name}", NamespaceMaxBytes, "MongoDB for database.collection", "");

    /// <summary>The server has no such rule; the driver (DatabaseNamespace, CollectionNamespace) has.</summary>
    private static Option<string> Blank(string name) =>
        string.IsNullOrWhiteSpace(name) ? $"{Shown.Quoted(name)} is only white space, which MongoDB's driver refuses" : None;
}
