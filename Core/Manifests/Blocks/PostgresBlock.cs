using Kollect.Core.Backends.Postgres;
using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests.Rules;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;
using SinkRule = Kollect.Core.Manifests.Rule<Kollect.Models.V1Alpha1.KollectDatabaseSink>;

namespace Kollect.Core.Manifests.Blocks;

/// <summary><c>spec.postgres</c>. An option is any server parameter.</summary>
internal sealed class PostgresBlock()
    : BackendBlock<KollectDatabaseSinkSpecPostgres>(
        SinkType.Postgres, spec => spec.Postgres, "databaseRef", (path, block) => ReferenceTo(path, block.DatabaseRef))
{
    private const string DefaultSchema = "public";

    public override Seq<string> OwnOptions => Join(base.OwnOptions, Seq(OptionRules.History, OptionRules.HistoryKeep));

    public override Seq<SinkRule> Problems => Seq(
        FieldRule("KDB030", "the PostgreSQL schema is an identifier", "Name an existing schema, at most 63 bytes long; absent means public.", "schema", block =>
            Identifier.Problem(block.Schema is null ? DefaultSchema : Trimmed(block.Schema))),
        FieldRule("KDB055", "the PostgreSQL schema is not the server's own",
            "Name a schema of your own, or public.", "schema", block => PostgresNames.OwnSchema(Trimmed(block.Schema))),
        FieldRule("KDB031", "the PostgreSQL table is an identifier",
            "Choose a name of at most 63 bytes: a letter beyond ASCII takes two bytes or more.", "table", block => Identifier.Problem(Trimmed(block.Table))),
        Rule("KDB071", "the name of the PostgreSQL table leaves room for its history",
            "Choose a name of at most 54 bytes, or remove the option history.", sink =>
            from table in NonBlank(sink.Spec.Postgres?.Table).AsEnumerable()
            where OptionRules.KeepsHistory(sink.Spec) && Identifier.Problem(table).IsNone
            from why in History.NameProblem(table).AsEnumerable()
            select new Finding("spec.postgres.table", why)),
        OptionRule("KDB043", "a PostgreSQL option is not forbidden", "Remove the option; the message says what serves instead.", (name, _) =>
            ServerParameters.Forbidden.Find(parameter => parameter.Name == name.ToLowerInvariant()).Map(forbidden => $"is refused: {forbidden.Why}")),
        OptionRule("KDB044", "a PostgreSQL option has the name of a server parameter",
            "Write the name as SHOW ALL prints it; parameters of a connection belong into the connection string.",
            (name, _) => SecretLike.InKey(name).IsSome ? None
            : ServerParameters.IsName(name) ? PostgresParameters.OfConnectionOnly(name)
            : $"{Shown.Quoted(name)} cannot be the name of a server parameter: letters, digits, '_' and '.' are possible, a letter or '_' first"
              + Nearest.DidYouMean(name, KnownOptions)),
        OptionRule("KDB045", "a PostgreSQL option's value is valid",
            "Write the value as SET takes it, with the unit that the message names.", (name, value) => value.Contains('\0')
            ? "contains a NUL character, which PostgreSQL cannot hold"
            : ServerValues.Problem(name, value.Trim()).Map(why => $"{Shown.Quoted(value)} {why}")));

    // The server decides about names that are not known here, and an extension may bring its own.
    public override Seq<SinkRule> Warnings => Seq(
        FieldRule("KDB525", "the name of the PostgreSQL table contains a dot",
            "Write the table's name alone, and its schema into spec.postgres.schema.", "table", block => PostgresNames.QualifiedTable(Trimmed(block.Table))),
        FieldRule("KDB526", "the name of the PostgreSQL schema contains a dot or a quote",
            "Write the schema's name alone; the database stands in the Secret.", "schema", block => PostgresNames.QualifiedSchema(Trimmed(block.Schema))),
        Rule("KDB527", "the naming template contains a dot",
            "Remove the part before the dot, and name the schema in spec.postgres.schema.", sink =>
            NonBlank(sink.Spec.Provisioning.Naming?.Template).Bind(PostgresNames.QualifiedTable)
                .Map(why => new Finding("spec.provisioning.naming.template", why)).AsEnumerable()),
        OptionRule("KDB511", "the name of a PostgreSQL option looks misspelt",
            "Correct the name; where it is a parameter of an extension, nothing.",
            (name, _) => KnownOptions.Contains(name.ToLowerInvariant()) || SecretLike.InKey(name).IsSome
            ? None
            : Nearest.Of(name, KnownOptions).Map(near => $"is no server parameter that we know; did you mean {near}? The server will tell in the probe")));

    public override Option<string> TableNameProblem(KollectDatabaseSinkSpec spec, string table) =>
        Identifier.Problem(table) || (OptionRules.KeepsHistory(spec) ? History.NameProblem(table) : None);

    protected override Sink Parse(KollectDatabaseSinkSpec spec, KollectDatabaseSinkSpecPostgres block, SinkSettings settings, Option<SecretRef> secret) =>
        new PostgresSink(settings, Required(secret), NonBlank(block.Schema).IfNone(DefaultSchema), Trimmed(block.Table))
        {
            DatabaseKey = SecretKey(spec),
        };

    private IEnumerable<string> KnownOptions => ServerParameters.WellKnown.AsEnumerable().Concat(OwnOptions);
}
