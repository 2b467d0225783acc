using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Sinks;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary>Where rows go: names that the backend stores exactly as written, or refused.</summary>
internal static class DestinationRules
{
    private const string DefaultSchema = "public";

    public static IEnumerable<Finding> PostgresSchema(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Postgres, Postgres: { } block }
            ? At("spec.postgres.schema", Backends.Postgres.Identifier.Problem(block.Schema is null ? DefaultSchema : Trimmed(block.Schema)))
            : [];

    public static IEnumerable<Finding> PostgresTable(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Postgres, Postgres: { } block }
            ? At("spec.postgres.table", Backends.Postgres.Identifier.Problem(Trimmed(block.Table)))
            : [];

    public static IEnumerable<Finding> MongoDbDatabase(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Mongodb, Mongodb: { } block }
            ? At("spec.mongodb.database", MongoDbNames.Database(Trimmed(block.Database)))
            : [];

    public static IEnumerable<Finding> MongoDbCollection(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Mongodb, Mongodb: { } block }
            ? At("spec.mongodb.collection", MongoDbNames.Collection(Trimmed(block.Database), Trimmed(block.Collection)))
            : [];

    public static IEnumerable<Finding> BigQueryProject(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Bigquery, Bigquery: { } block }
            ? At("spec.bigquery.project", BigQueryNames.Project(Trimmed(block.Project)))
            : [];

    public static IEnumerable<Finding> BigQueryDataset(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Bigquery, Bigquery: { } block }
            ? At("spec.bigquery.dataset", BigQueryNames.Dataset(Trimmed(block.Dataset)))
            : [];

    public static IEnumerable<Finding> BigQueryTable(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Bigquery, Bigquery: { } block }
            ? At("spec.bigquery.table", BigQueryNames.Table(Trimmed(block.Table)))
            : [];

    public static IEnumerable<Finding> BigQueryLocation(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Bigquery, Bigquery.Location: { } location }
        && NonBlank(location).Exists(text => !text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            ? [new Finding("spec.bigquery.location", $"{Shown.Quoted(location)} is no location; write it as Google does, e.g. EU or europe-west3")]
            : [];

    public static IEnumerable<Finding> NamingTemplate(KollectDatabaseSink sink) =>
        Template(sink).Match(
            template => template.Length == 0
                ? [new Finding(TemplatePath, "is empty; remove it to use the name in the backend block")]
                : Naming.Objections(template).Select(why => new Finding(TemplatePath, why)),
            () => []);

    /// <summary>What stands around the placeholders must fit into a name, whatever the inventory is called.</summary>
    public static IEnumerable<Finding> NamingTemplateCanFit(KollectDatabaseSink sink) =>
        Template(sink).Filter(template => template.Length > 0 && !Naming.Objections(template).Any()).Match(
            template =>
            {
                var shortest = Naming.Render(template, Trimmed(sink.Spec.Cluster), "x", "x");
                return Objection(sink, shortest).Match<IEnumerable<Finding>>(
                    why => [new Finding(TemplatePath, $"{Shown.Quoted(template)} cannot give a usable name, however short the inventory's is: {why}")],
                    () => []);
            },
            () => []);

    private const string TemplatePath = "spec.provisioning.naming.template";

    private static Option<string> Template(KollectDatabaseSink sink) =>
        sink.Spec.Provisioning?.Naming?.Template is { } template ? template.Trim() : None;

    private static Option<string> Objection(KollectDatabaseSink sink, string name) => sink.Spec.Type switch
    {
        SinkType.Postgres => Backends.Postgres.Identifier.Problem(name),
        SinkType.Mongodb => MongoDbNames.Collection(Trimmed(sink.Spec.Mongodb?.Database), name),
        SinkType.Bigquery => BigQueryNames.Table(name),
        _ => None,
    };

    private static IEnumerable<Finding> At(string path, Option<string> objection) =>
        objection.Map(why => new Finding(path, why)).AsEnumerable();
}
