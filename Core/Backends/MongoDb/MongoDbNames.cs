using Kollect.Core.Formatting;
using static Kollect.Core.Sinks.NameRules;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>Checks names against MongoDB's rules. Each method returns the objection; None = the name is stored exactly as written.</summary>
internal static class MongoDbNames
{
    private const int DatabaseMaxBytes = 63;
    private const int NamespaceMaxBytes = 255;

    /// <summary>MongoDB manual, "Naming Restrictions": at most 63 bytes, none of <c>/\. "$*&lt;&gt;:|?</c> or NUL.</summary>
    public static Option<string> Database(string name) =>
        Empty(name) || Blank(name) || NotText(name)
        || Contains(name, "/\\. \"$*<>:|?", "a MongoDB database name") || TooLong(name, DatabaseMaxBytes, "MongoDB", "");

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
