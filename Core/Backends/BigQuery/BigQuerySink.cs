using Kollect.Core.Backends.BigQuery.Views;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>Rows in a BigQuery table.</summary>
/// <param name="Settings">The settings that all backends share.</param>
/// <param name="Project">Google Cloud project id.</param>
/// <param name="Dataset">Exists already, never created.</param>
/// <param name="Table">Table id; unless <see cref="SinkSettings.NamingTemplate"/> replaces it.</param>
/// <param name="DatasetLocation">None = wherever the dataset is found to be.</param>
/// <param name="Endpoint">None = Google's public address.</param>
/// <param name="Credentials">None = Application Default Credentials.</param>
internal sealed record BigQuerySink(
    SinkSettings Settings,
    string Project,
    string Dataset,
    string Table,
    Option<string> DatasetLocation,
    Option<Uri> Endpoint,
    Option<SecretRef> Credentials) : Sink(Settings)
{
    /// <summary>BigQuery's address for a sink that names no endpoint.</summary>
    private const string PublicService = "";

    /// <inheritdoc/>
    public override string BackendName => "BigQuery";

    /// <inheritdoc/>
    public override TableLocation Location => new(KollectDestinationBackend.Bigquery, $"{Project}.{Dataset}", Table, Settings.Cluster);

    /// <summary>
    /// BigQuery runs two DML statements at once for a table, queues up to 20 more, and fails those that then change the same partition
    /// (BigQuery, "Using DML": concurrent jobs).
    /// </summary>
    public override bool InventoriesShareATable => false;

    /// <inheritdoc/>
    public override Option<SecretRef> ConnectionSecret => Credentials;

    /// <inheritdoc/>
    public override Option<string> TableNameProblem(string table) => BigQueryNames.Table(table);

    /// <inheritdoc/>
    public override Option<SecretText> ServerIdentity(Func<SecretRef, Option<SecretData>> find) =>
        new SecretText(Endpoint.Map(endpoint => endpoint.ToString()).IfNone(PublicService));

    /// <inheritdoc/>
    public override Seq<SecretText> SecretParts(SecretData secret) => BigQuerySecret.Parts(secret);

    /// <inheritdoc/>
    /// <remarks>A key proves to be its owner wherever its signature or a token that was got by it arrives: it goes to Google alone.</remarks>
    public override Option<string> ObjectionToForeign(SecretRef secret, Option<SecretData> data) =>
        Credentials != secret ? None
        : Endpoint.Exists(it => !Address.IsOfGoogle(it))
            ? $"spec.endpoint would be given the key of Secret {secret.Namespace}/{secret.Name}, which is of another namespace; "
                + "use a key of the sink's own namespace, or an endpoint below https://…googleapis.com"
        : data.Bind(it => BigQuerySecret.Read(it).ToOption()).Exists(key => !Address.AsksGoogle(key))
            ? $"Secret {secret.Namespace}/{secret.Name}: token_uri in credentials.json is no address of Google, to which alone a key of another "
                + "namespace is sent; download the key again"
        : None;

    /// <summary>What messages may call the connection: the address stands in the manifest, or is Google's own.</summary>
    /// <param name="secretParts">Of the service account key; nobody may see them.</param>
    public ConnectionNames Names(Seq<SecretText> secretParts) =>
        new(Seq1(Endpoint.Map(endpoint => endpoint.Authority).IfNone("bigquery.googleapis.com")), "", secretParts, IsOfOwnNamespace: true);

    /// <inheritdoc/>
    public override Seq<Statement> OfflinePlan(TableLocation at) => Plan.Offline(Plan.Desire(this, at), Settings.SkipsUnchanged(hasLedger: false));

    /// <inheritdoc/>
    public override Seq<ViewPlan> OfflineViews(TableLocation at, Seq<TargetView> views) => DesiredView.Over(this, at, views).Map(it => it.Offline);

    /// <inheritdoc/>
    public override KollectDatabaseSinkStatusPreview Preview(TableLocation at) => new()
    {
        Bigquery = new()
        {
            ExpectedDDL = Render.CreateTable(Plan.Desire(this, at)),
            MergeStatement = Plan.EveryExport(Plan.Desire(this, at), Settings.SkipsUnchanged(hasLedger: false)).Sql,
        },
    };

    private protected override Option<Sink> MovedTo(TableLocation at, SinkSettings settings)
    {
        if (at.Container.LastIndexOf('.') <= 0)
            return None;
        var table = TableId.Of(at);
        return this with { Settings = settings, Project = table.Project, Dataset = table.Dataset, Table = table.Table };
    }
}
