using Kollect.Core.Backends.MongoDb.Connections;
using Kollect.Core.Backends.MongoDb.Views;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>Documents in a MongoDB collection.</summary>
/// <param name="Settings">The settings that all backends share.</param>
/// <param name="Uri">The Secret that holds the connection string.</param>
/// <param name="Collection">Collection name; unless <see cref="SinkSettings.NamingTemplate"/> replaces it.</param>
internal sealed record MongoDbSink(SinkSettings Settings, SecretRef Uri, string Database, string Collection) : Sink(Settings)
{
    /// <summary>The key of <see cref="Uri"/> that holds the connection string; None = the well-known keys.</summary>
    public Option<string> UriKey { get; init; }

    /// <inheritdoc/>
    public override string BackendName => "MongoDB";

    /// <inheritdoc/>
    public override TableLocation Location => new(KollectDestinationBackend.Mongodb, Database, Collection, Settings.Cluster);

    /// <inheritdoc/>
    public override Option<SecretRef> ConnectionSecret => Uri;

    /// <inheritdoc/>
    public override Option<string> TableNameProblem(string table) => MongoDbNames.Collection(Database, table);

    /// <inheritdoc/>
    public override Option<SecretText> ServerIdentity(Func<SecretRef, Option<SecretData>> find) =>
        from secret in find(Uri)
        from given in MongoDbSecret.Read(secret, Settings.Credentials.Bind(find), UriKey).ToOption()
        from uri in MongoDbUri.Read(given.Text.Reveal()).ToOption()
        select uri.ServerIdentity;

    /// <inheritdoc/>
    public override Seq<SecretText> SecretParts(SecretData secret) => MongoDbSecret.Parts(secret, UriKey);

    /// <inheritdoc/>
    public override Seq<Statement> OfflinePlan(TableLocation at) => Seq1(Plan.Offline(Plan.Desire(this, at)));

    /// <inheritdoc/>
    public override Seq<ViewPlan> OfflineViews(TableLocation at, Seq<TargetView> views) => DesiredView.Over(this, at, views).Map(it => it.Offline);

    /// <inheritdoc/>
    public override KollectDatabaseSinkStatusPreview Preview(TableLocation at) => new() { Mongodb = new() { ExpectedIndexKeys = [.. Columns.Identity] } };

    private protected override Option<Sink> MovedTo(TableLocation at, SinkSettings settings) =>
        this with { Settings = settings, Database = at.Container, Collection = at.Table };
}
