using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>Changes and gaps as the commands and the words that a database administrator reads.</summary>
internal static class Render
{
    private static readonly string IdentityFields = string.Join(", ", Columns.Identity);

    /// <summary>Argument of <c>db.runCommand</c> in the sink's database, as JSON.</summary>
    public static string Command(MongoDbChange change) => change switch
    {
        MongoDbChange.CreateCollection it => Create(it.Collection),
        MongoDbChange.CreateLedger it => Create(it.Collection),
        MongoDbChange.CreateIdentityIndex it => JsonText.Of(new JsonObject
        {
            ["createIndexes"] = it.Collection.Collection,
            ["indexes"] = new JsonArray(new JsonObject
            {
                ["key"] = new JsonObject(Columns.Identity.AsEnumerable().Select(field => KeyValuePair.Create(field, (JsonNode?)JsonValue.Create(1)))),
                ["name"] = Desired.IdentityIndex,
                ["unique"] = true,
            }),
        }),
        _ => throw new UnreachableException(),
    };

    /// <summary>The server's error code when another writer created the object first: the state is as required.</summary>
    public static int AlreadyThere(MongoDbChange change) => change switch
    {
        MongoDbChange.CreateCollection or MongoDbChange.CreateLedger => 48, // NamespaceExists
        MongoDbChange.CreateIdentityIndex => 68, // IndexAlreadyExists
        _ => throw new UnreachableException(),
    };

    /// <summary>One statement per change.</summary>
    public static Statement Change(MongoDbChange change) => change switch
    {
        MongoDbChange.CreateCollection it => new Statement(Shell(it.Collection, Command(it)), $"collection {it.Collection} is missing"),
        MongoDbChange.CreateIdentityIndex it => new Statement(Shell(it.Collection, Command(it)), $"{it.Collection} has no unique index on the identity"),
        MongoDbChange.CreateLedger it => new Statement(Shell(it.Collection, Command(it)), $"the ledger {it.Collection} is missing"),
        _ => throw new UnreachableException(),
    };

    /// <summary>The problem, and the statement or action that resolves it.</summary>
    public static Refusal Explain(Gap gap) => gap switch
    {
        Gap.ReadOnlyServer => new Refusal(
            "the server is a secondary and takes no writes",
            "name all members in the connection string, or replicaSet=, and leave directConnection out"),
        Gap.CollectionMissing it => new Refusal(
            $"collection {it.Collection} does not exist and provisioning.mode is existing",
            Script(it.Collection, None)),
        Gap.NotACollection it => new Refusal(
            $"{it.Collection} is a {it.Kind}, not a collection",
            "name a collection in spec.mongodb.collection"),
        Gap.Capped it => new Refusal(
            $"{it.Collection} is capped: it loses its oldest documents, which are live rows",
            "name a collection that is not capped in spec.mongodb.collection"),
        Gap.Collated it => new Refusal(
            $"{it.Collection} has a collation, so that different identities may be equal",
            "name a collection without a collation in spec.mongodb.collection; a collation cannot be changed"),
        Gap.RowsExpire it => new Refusal(
            string.Create(
                CultureInfo.InvariantCulture,
                $"TTL index {it.Index} of {it.Collection} deletes live rows {it.Seconds:N0} s after the snapshot that wrote them"),
            DropIndex(it.Collection, it.Index)),
        Gap.CannotListIndexes it => new Refusal(
            $"the user may not list the indexes of {it.Collection}, so nobody can tell whether its identity is unique",
            Grant(it.Collection, Seq1("listIndexes"))),
        Gap.NoIdentityIndex it => new Refusal(
            $"{it.Collection} has no usable unique index exactly on ({IdentityFields})" + Unusable(it.Unusable),
            Shell(it.Collection, Command(new MongoDbChange.CreateIdentityIndex(it.Collection)))),
        Gap.IndexNameTaken it => new Refusal(
            $"{it.Collection} has an index {Desired.IdentityIndex} on ({string.Join(", ", it.Keys)}) instead of ({IdentityFields})",
            DropIndex(it.Collection, Desired.IdentityIndex)),
        Gap.IndexOptionsDiffer it => new Refusal(
            $"index {it.Index} of {it.Collection} is on ({IdentityFields}) but not unique, and no second one can be made on the same fields",
            DropIndex(it.Collection, it.Index)),
        Gap.MissingPrivileges it => new Refusal(
            $"the user's roles do not grant {string.Join(", ", it.Actions)} on {it.Collection}",
            Grant(it.Collection, it.Actions)),
        _ => throw new UnreachableException(),
    };

    // use("inventory");
    // db.runCommand({ … });

    /// <summary>Collection, index and ledger as a script that an administrator can run with <c>mongosh</c>.</summary>
    public static string Script(Namespace collection, Option<Namespace> ledger) => string.Join('\n', Join(
        Seq(
            $"use({Quote(collection.Database)});",
            Run(Command(new MongoDbChange.CreateCollection(collection))),
            Run(Command(new MongoDbChange.CreateIdentityIndex(collection)))),
        ledger.Map(it => Run(Create(it))).ToSeq()));

    /// <summary>The commands with which an administrator creates the ledger and grants its use.</summary>
    public static string LedgerScript(Namespace ledger) =>
        $"{Shell(ledger, Create(ledger))}\n{Grant(ledger, Diff.Writing)}";

    private static string Create(Namespace collection) => JsonText.Of(new JsonObject { ["create"] = collection.Collection });

    private static string Shell(Namespace collection, string command) => $"use({Quote(collection.Database)});\n{Run(command)}";

    private static string DropIndex(Namespace collection, string index) => Shell(collection, JsonText.Of(new JsonObject
    {
        ["dropIndexes"] = collection.Collection,
        ["index"] = index,
    })) + " // after a look at who uses it";

    // The user's name comes from a Secret and is not printed.
    private static string Grant(Namespace collection, Seq<string> actions) =>
        $"use({Quote(collection.Database)});\n"
        + Run(JsonText.Of(new JsonObject
        {
            ["createRole"] = "kollect",
            ["privileges"] = new JsonArray(new JsonObject
            {
                ["resource"] = new JsonObject { ["db"] = collection.Database, ["collection"] = collection.Collection },
                ["actions"] = new JsonArray([.. actions.AsEnumerable().Select(action => JsonValue.Create(action))]),
            }),
            ["roles"] = new JsonArray(),
        }))
        + "\ndb.grantRolesToUser(\"<user of the sink>\", [\"kollect\"]);";

    private static string Run(string command) => $"db.runCommand({command});";

    private static string Quote(string name) => JsonValue.Create(name).ToJsonString();

    private static string Unusable(Seq<string> indexes) => indexes.IsEmpty
        ? ""
        : $"; {string.Join(", ", indexes)} is not unique, or does not hold for every document (partial, sparse, hidden or with a collation)";
}
