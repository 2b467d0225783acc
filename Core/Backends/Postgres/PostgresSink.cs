using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Backends.Postgres.Views;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>Rows in a PostgreSQL table.</summary>
/// <param name="Settings">The settings that all backends share.</param>
/// <param name="Database">The Secret that holds the connection.</param>
/// <param name="Schema">Unquoted; exists already, never created.</param>
/// <param name="Table">Unquoted; unless <see cref="SinkSettings.NamingTemplate"/> replaces it.</param>
internal sealed record PostgresSink(SinkSettings Settings, SecretRef Database, string Schema, string Table) : Sink(Settings)
{
    /// <summary>The key of <see cref="Database"/> that holds the connection string; None = the well-known keys.</summary>
    public Option<string> DatabaseKey { get; init; }

    /// <inheritdoc/>
    public override string BackendName => "PostgreSQL";

    /// <inheritdoc/>
    public override TableLocation Location => new(KollectDestinationBackend.Postgres, Schema, Table, Settings.Cluster);

    /// <inheritdoc/>
    public override Option<SecretRef> ConnectionSecret => Database;

    /// <inheritdoc/>
    public override Option<string> TableNameProblem(string table) =>
        Identifier.Problem(table) || (Settings.History.IsKept ? History.NameProblem(table) : None);

    /// <inheritdoc/>
    public override Option<SecretText> ServerIdentity(Func<SecretRef, Option<SecretData>> find) =>
        from secret in find(Database)
        from connection in PostgresSecret.Read(secret, Settings.Credentials.Bind(find), DatabaseKey).ToOption()
        select connection.ServerIdentity;

    /// <inheritdoc/>
    public override Seq<SecretText> SecretParts(SecretData secret) => PostgresSecret.Parts(secret, DatabaseKey);

    /// <inheritdoc/>
    public override Seq<Statement> OfflinePlan(TableLocation at) => Plan.Offline(Plan.Desire(this, at));

    /// <inheritdoc/>
    public override Seq<ViewPlan> OfflineViews(TableLocation at, Seq<TargetView> views) => DesiredView.Over(this, at, views).Map(it => it.Offline);

    /// <inheritdoc/>
    public override KollectDatabaseSinkStatusPreview Preview(TableLocation at) =>
        new() { Postgres = new() { ExpectedDDL = string.Join('\n', OfflinePlan(at).Map(statement => statement.Sql)) } };

    private protected override Option<Sink> MovedTo(TableLocation at, SinkSettings settings) =>
        this with { Settings = settings, Schema = at.Container, Table = at.Table };
}
