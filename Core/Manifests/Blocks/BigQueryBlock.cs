using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Formatting;
using Kollect.Core.Manifests.Rules;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;
using SinkRule = Kollect.Core.Manifests.Rule<Kollect.Models.V1Alpha1.KollectDatabaseSink>;

namespace Kollect.Core.Manifests.Blocks;

/// <summary><c>spec.bigquery</c>.</summary>
internal sealed class BigQueryBlock()
    : BackendBlock<KollectDatabaseSinkSpecBigquery>(SinkType.Bigquery, spec => spec.Bigquery, "secretRef", (path, block) => ReferenceTo(path, block.SecretRef))
{
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMinutes(5);

    public override bool ReadsEndpoint => true;

    public override Seq<string> OwnOptions => Seq1(OptionRules.SkipUnchanged);

    public override Seq<OptionText> PassedOn => KnownOptions.Texts;

    public override Seq<SinkRule> Problems => Seq(
        FieldRule("KDB034", "the BigQuery project is an id",
            "Write the project's id, not its display name: gcloud projects list shows both.",
            "project", block => BigQueryNames.Project(Trimmed(block.Project))),
        FieldRule("KDB035", "the BigQuery dataset is a name",
            "Write the dataset's name alone: letters, digits and underscores.", "dataset", block => BigQueryNames.Dataset(Trimmed(block.Dataset))),
        FieldRule("KDB057", "the BigQuery dataset is not the server's own",
            "Name a dataset of your own.", "dataset", block => BigQueryNames.OwnDataset(Trimmed(block.Dataset))),
        FieldRule("KDB036", "the BigQuery table is a name",
            "Write the table's name alone, without project and dataset.", "table", block => BigQueryNames.Table(Trimmed(block.Table))),
        FieldRule("KDB037", "the BigQuery location is a location",
            "Write the location as Google does, or leave it out: then it is that of the dataset.",
            "location", block => NonBlank(block.Location).Bind(BigQueryNames.Location)),
        OptionRule("KDB072", "a BigQuery sink has no option history",
            "Remove the option, and query the table as of a time, or take snapshots of it.", (name, _) => OptionRules.NoHistory(
                name,
                "is not for BigQuery, which has time travel (SELECT … FROM TABLE FOR SYSTEM_TIME AS OF TIME, 7 days back unless the dataset sets less) "
                + "and, for longer, table snapshots (CREATE SNAPSHOT TABLE … CLONE …)")),
        OptionRule("KDB046", "a BigQuery option is known",
            "Use an option of the list in the message, spelled as there.",
            (name, _) => Known.Contains(name) || OptionRules.NoHistory(name, "").IsSome || KnownOptions.IsLabel(name) || SecretLike.InKey(name).IsSome
            ? None
            : $"is no option of BigQuery{Nearest.DidYouMean(name, Known)} Possible are {string.Join(", ", Known)} and label.<key>"),
        OptionRule("KDB047", "a BigQuery option's value is valid", "Choose a value that the message names.", (name, value) =>
            KnownOptions.ValueProblem(name, value.Trim()).Map(why => $"{Shown.Quoted(value)}: {why}")),
        OptionRule("KDB048", "a BigQuery label is valid",
            "Use lower-case letters, digits, hyphens and underscores, at most 63 of them.", KnownOptions.LabelProblem),
        Rule("KDB063", "the endpoint is a base URL",
            "Write scheme, host and perhaps port and path: https://bigquery-psc.p.googleapis.com/.", EndpointIsABaseUrl));

    public override Seq<SinkRule> Warnings => Seq(
        Rule("KDB506", "exports to BigQuery may come more often than every 5 minutes", "Set exportMinInterval to 5m or more, or accept the cost.", TooOften),
        Rule("KDB508", "the endpoint is not encrypted", "Use https; http is for test servers.", EndpointUnencrypted),
        Rule("KDB510", "the field secretRef has no effect",
            "Remove spec.secretRef, and name the Secret of the service account key in spec.bigquery.secretRef.", CredentialsWithoutEffect));

    public override Option<string> ForeignObjection(KollectDatabaseSinkSpec spec, Reference reference) =>
        Secret(spec) == reference && NonBlank(spec.Endpoint).Exists(text => !Uri.TryCreate(text, UriKind.Absolute, out var it) || !Address.IsOfGoogle(it))
            ? "an operator sends a key of another namespace to Google alone, and spec.endpoint is another address; use a key of the sink's namespace"
            : None;

    public override Option<string> TableNameProblem(KollectDatabaseSinkSpec spec, string table) => BigQueryNames.Table(table);

    protected override Sink Parse(KollectDatabaseSinkSpec spec, KollectDatabaseSinkSpecBigquery block, SinkSettings settings, Option<SecretRef> secret) =>
        new BigQuerySink(
            settings,
            Trimmed(block.Project),
            Trimmed(block.Dataset),
            Trimmed(block.Table),
            NonBlank(block.Location),
            NonBlank(spec.Endpoint).Map(text => new Uri(text)),
            secret);

    private IEnumerable<string> Known => KnownOptions.Names.Concat(OwnOptions);

    private static IEnumerable<Finding> EndpointIsABaseUrl(KollectDatabaseSink sink)
    {
        if (!NonBlank(sink.Spec.Endpoint).TrySome(out var text))
            yield break;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("https" or "http") || endpoint.Host.Length == 0)
            yield return new Finding("spec.endpoint", $"{Shown.Quoted(text)} is no http or https URL; write e.g. https://bigquery-psc.p.googleapis.com/");
        else if (endpoint.UserInfo.Length > 0 || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
            yield return new Finding("spec.endpoint", "carries a user, a query or a fragment; only scheme, host, port and path are possible");
    }

    private static IEnumerable<Finding> TooOften(KollectDatabaseSink sink) =>
        NonBlank(sink.Spec.ExportMinInterval).Bind(GoDuration.Parse).Exists(interval => interval < ShortInterval)
            ? [new Finding(
                "spec.exportMinInterval",
                $"{Trimmed(sink.Spec.ExportMinInterval)} is under 5m; each export is a billed job that scans the scope, and BigQuery queues DML of one table")]
            : [];

    private static IEnumerable<Finding> EndpointUnencrypted(KollectDatabaseSink sink) =>
        Trimmed(sink.Spec.Endpoint).StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            ? [new Finding("spec.endpoint", "is not encrypted: http shows the access token to the network; use https outside of tests")]
            : [];

    private static IEnumerable<Finding> CredentialsWithoutEffect(KollectDatabaseSink sink) =>
        sink.Spec.SecretRef is not null
            ? [new Finding("spec.secretRef", "has no effect; BigQuery knows no username and password: use spec.bigquery.secretRef")]
            : [];
}
