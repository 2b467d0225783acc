using Kollect.Core.Secrets;

namespace Kollect.Core.Sinks;

/// <summary>
/// A <c>KollectDatabaseSink</c> that is valid by construction: strings are trimmed, defaults filled in, exactly one backend.
/// Past this type nobody checks a block for null.
/// </summary>
public abstract record Sink
{
    private Sink(SinkSettings settings) => Settings = settings;

    /// <summary>What all backends have in common.</summary>
    public SinkSettings Settings { get; }

    /// <summary><c>spec.type</c>.</summary>
    public SinkType Type => this switch
    {
        Postgres => SinkType.Postgres,
        MongoDb => SinkType.Mongodb,
        BigQuery => SinkType.Bigquery,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Rows in a PostgreSQL table.</summary>
    /// <param name="Settings">What all backends have in common.</param>
    /// <param name="Database">The Secret that holds the connection.</param>
    /// <param name="Schema">Unquoted; exists already, never created.</param>
    /// <param name="Table">Unquoted; unless <see cref="SinkSettings.NamingTemplate"/> replaces it.</param>
    public sealed record Postgres(SinkSettings Settings, SecretRef Database, string Schema, string Table) : Sink(Settings);

    /// <summary>Documents in a MongoDB collection.</summary>
    /// <param name="Settings">What all backends have in common.</param>
    /// <param name="Uri">The Secret that holds the connection string.</param>
    /// <param name="Database">Database name.</param>
    /// <param name="Collection">Collection name; unless <see cref="SinkSettings.NamingTemplate"/> replaces it.</param>
    public sealed record MongoDb(SinkSettings Settings, SecretRef Uri, string Database, string Collection) : Sink(Settings);

    /// <summary>Rows in a BigQuery table.</summary>
    /// <param name="Settings">What all backends have in common.</param>
    /// <param name="Project">Google Cloud project id.</param>
    /// <param name="Dataset">Exists already, never created.</param>
    /// <param name="Table">Table id; unless <see cref="SinkSettings.NamingTemplate"/> replaces it.</param>
    /// <param name="Location">None = the location of the dataset, observed.</param>
    /// <param name="Credentials">None = Application Default Credentials.</param>
    public sealed record BigQuery(
        SinkSettings Settings,
        string Project,
        string Dataset,
        string Table,
        Option<string> Location,
        Option<SecretRef> Credentials) : Sink(Settings);
}

/// <summary>The part of a sink that does not depend on its backend.</summary>
/// <param name="Namespace">Namespace of the sink.</param>
/// <param name="Name">Name of the sink.</param>
/// <param name="Mode">May this sink create what is missing?</param>
/// <param name="NamingTemplate">None = the table or collection of the backend block.</param>
/// <param name="Options">Driver and server tuning, by name; our own options are taken out into the fields below.</param>
/// <param name="SkipUnchanged"><c>options.skip_unchanged</c>: equal rows are not rewritten.</param>
/// <param name="ExportMinInterval">None = not set here.</param>
/// <param name="ConnectionTest">Probe on create and update.</param>
/// <param name="Cluster">Labels the rows and scopes every delete; empty = one unnamed cluster.</param>
/// <param name="Endpoint">None = the backend's public address. BigQuery only.</param>
/// <param name="Tls">Transport security.</param>
/// <param name="Credentials">None = what the connection string says.</param>
public sealed record SinkSettings(
    string Namespace,
    string Name,
    ProvisioningMode Mode,
    Option<string> NamingTemplate,
    Map<string, string> Options,
    bool SkipUnchanged,
    Option<TimeSpan> ExportMinInterval,
    bool ConnectionTest,
    string Cluster,
    Option<Uri> Endpoint,
    TlsSettings Tls,
    Option<SecretRef> Credentials);

/// <summary><c>spec.provisioning.mode</c>.</summary>
public enum ProvisioningMode
{
    /// <summary>Create the table, collection or index when missing; alter nothing.</summary>
    Ensure,

    /// <summary>Never issue DDL, in any code path; report every gap.</summary>
    Existing,
}

/// <summary><c>spec.tls</c>. At most one of the two CA sources is set.</summary>
/// <param name="CaBundle">PEM text.</param>
/// <param name="CaSecret">A Secret with <c>ca.crt</c>, <c>tls.crt</c> or <c>ca.pem</c>.</param>
/// <param name="InsecureSkipVerify">Encrypts, but believes any certificate.</param>
public sealed record TlsSettings(Option<string> CaBundle, Option<SecretRef> CaSecret, bool InsecureSkipVerify);
