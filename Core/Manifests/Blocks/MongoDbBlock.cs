using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Formatting;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;
using SinkRule = Kollect.Core.Manifests.Rule<Kollect.Models.V1Alpha1.KollectDatabaseSink>;

namespace Kollect.Core.Manifests.Blocks;

/// <summary><c>spec.mongodb</c>.</summary>
internal sealed class MongoDbBlock()
    : BackendBlock<KollectDatabaseSinkSpecMongodb>(SinkType.Mongodb, spec => spec.Mongodb, "databaseRef", (path, block) => ReferenceTo(path, block.DatabaseRef))
{
    public override Seq<OptionText> PassedOn => KnownOptions.Texts;

    public override Seq<SinkRule> Problems => Seq(
        FieldRule("KDB032", "the MongoDB database is a name",
            "Choose a name of at most 63 bytes without / \\ . space \" $ * < > : | and ?.",
            "database", block => MongoDbNames.Database(Trimmed(block.Database))),
        FieldRule("KDB056", "the MongoDB database is not the server's own",
            "Name a database of your own.", "database", block => MongoDbNames.OwnDatabase(Trimmed(block.Database))),
        FieldRule("KDB033", "the MongoDB collection is a name",
            "Choose a name without $ that does not begin with system.; together with the database at most 255 bytes.", "collection", block =>
            MongoDbNames.Collection(Trimmed(block.Database), Trimmed(block.Collection))),
        OptionRule("KDB049", "a MongoDB option is known",
            "Use an option of the list in the message, spelled as there.", (name, _) => Known.Contains(name) || SecretLike.InKey(name).IsSome
            ? None
            : MongoDbKeys.Why(name).Map(why => $"is refused: {why}")
                || $"is no option of MongoDB that Kollect passes on{Nearest.DidYouMean(name, Known)} Possible are {string.Join(", ", Known)}"),
        OptionRule("KDB050", "a MongoDB option's value is valid", "Choose a value that the message names.", (name, value) =>
            KnownOptions.ValueProblem(name, value.Trim()).Map(why => $"{Shown.Quoted(value)}: {why}")));

    public override Seq<SinkRule> Warnings => Seq(
        FieldRule("KDB528", "the name of the MongoDB collection begins with that of its database",
            "Write the collection's name alone, unless its name really has that part.", "collection", block =>
            MongoDbNames.QualifiedCollection(Trimmed(block.Database), Trimmed(block.Collection))),
        OptionRule("KDB512", "the option readPreference has no effect", "Remove the option.", (name, _) => name == "readPreference"
            ? "has no effect; an export reads from the primary, or it would decide on old rows"
            : None));

    public override Option<string> TableNameProblem(KollectDatabaseSinkSpec spec, string table) =>
        MongoDbNames.Collection(Trimmed(spec.Mongodb?.Database), table);

    protected override Sink Parse(KollectDatabaseSinkSpec spec, KollectDatabaseSinkSpecMongodb block, SinkSettings settings, Option<SecretRef> secret) =>
        new MongoDbSink(settings, Required(secret), Trimmed(block.Database), Trimmed(block.Collection))
        {
            UriKey = SecretKey(spec),
        };

    private IEnumerable<string> Known => KnownOptions.Names.Concat(OwnOptions);
}
