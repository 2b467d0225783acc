using System.Diagnostics;
using Kollect.Core.Models.V1Alpha1;

namespace Kollect.Core.Sinks;

/// <summary>
/// Where rows of one inventory are, as <c>status.destinations[]</c> remembers it: enough to find them again after the sink was changed, and nothing of a Secret.
/// </summary>
/// <param name="Backend">Type of the sink.</param>
/// <param name="Container">Schema, database, or <c>project.dataset</c>.</param>
/// <param name="Table">Table or collection.</param>
/// <param name="Cluster">Label of the rows; may be empty.</param>
public sealed record TableLocation(KollectDestinationBackend Backend, string Container, string Table, string Cluster)
{
    /// <summary>As the backend writes it in full: <c>public.items</c>.</summary>
    public string FullName => $"{Container}.{Table}";

    /// <summary>Where an inventory's rows go now. Left = the naming template gives a name that cannot be used.</summary>
    /// <param name="sink">Through which sink.</param>
    /// <param name="inventoryNamespace"><c>inventory_namespace</c> of its rows.</param>
    /// <param name="inventoryName">Its name.</param>
    public static Either<string, TableLocation> Of(Sink sink, string inventoryNamespace, string inventoryName)
    {
        var cluster = sink.Settings.Cluster;
        return Naming.TableOf(sink, cluster, inventoryNamespace, inventoryName).Map(table => sink switch
        {
            Sink.Postgres it => new TableLocation(KollectDestinationBackend.Postgres, it.Schema, table, cluster),
            Sink.MongoDb it => new TableLocation(KollectDestinationBackend.Mongodb, it.Database, table, cluster),
            Sink.BigQuery it => new TableLocation(KollectDestinationBackend.Bigquery, $"{it.Project}.{it.Dataset}", table, cluster),
            _ => throw new UnreachableException(),
        });
    }

    /// <summary>
    /// The sink as it was when it led here: the same connection, this table and label; nothing is created on the way to rows that leave.
    /// None = it is of another type now, so that nothing leads here any more.
    /// </summary>
    public Option<Sink> Through(Sink sink)
    {
        var settings = sink.Settings with { NamingTemplate = None, Cluster = Cluster, Mode = ProvisioningMode.Existing };
        return (Backend, sink) switch
        {
            (KollectDestinationBackend.Postgres, Sink.Postgres it) => new Sink.Postgres(settings, it.Database, Container, Table),
            (KollectDestinationBackend.Mongodb, Sink.MongoDb it) => new Sink.MongoDb(settings, it.Uri, Container, Table),
            // A dataset has no dot; an old project may.
            (KollectDestinationBackend.Bigquery, Sink.BigQuery it) when Container.LastIndexOf('.') is var dot and > 0 =>
                new Sink.BigQuery(settings, Container[..dot], Container[(dot + 1)..], Table, it.Location, it.Credentials),
            _ => Option<Sink>.None,
        };
    }
}
