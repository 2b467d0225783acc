using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Views;
using Kollect.Core.Snapshots;

namespace Kollect.MongoDb;

/// <summary>Reads the facts that Core's plan needs; decides nothing.</summary>
internal static class Observe
{
    /// <summary>Reads the state of the destination.</summary>
    public static async Task<Observed> DestinationAsync(Connection connection, Desired desired, CancellationToken cancel)
    {
        var server = connection.Server;
        var buildInfo = await server.CommandAsync(Questions.Admin, Questions.BuildInfo, cancel);
        var status = await server.CommandAsync(Questions.Admin, Questions.ConnectionStatus, cancel);
        var collection = desired.Collection;
        var found = await CollectionAsync(server, collection, cancel);
        var ledger = Option<ObservedCollection>.None;
        foreach (var wanted in desired.Ledger.AsEnumerable())
            ledger = Replies.CollectionOf(await CollectionAsync(server, wanted, cancel));
        var kind = Replies.KindOfCollection(found);
        var indexes = kind == Replies.Collection ? await IndexesAsync(server, collection, cancel) : None;
        return new Observed(
            Replies.Version(buildInfo),
            Replies.IsWritable(connection.Hello),
            Replies.Privileges(status),
            kind.Map(it => new ObservedCollection(it, indexes, Replies.OptionsOfCollection(found))))
        {
            Ledger = ledger,
        };
    }

    /// <summary>Reads the state of the scope.</summary>
    public static async Task<ScopeFacts> ScopeAsync(IMongoDb server, ExportPlan plan, CancellationToken cancel) =>
        ScopeFacts.Read(await server.CommandAsync(plan.Collection.Database, plan.Inspect, cancel));

    /// <summary>Counts the rows of another scope.</summary>
    public static async Task<long> RowsAsync(IMongoDb server, ExportPlan plan, Scope scope, CancellationToken cancel) =>
        (await ScopeAsync(server, plan with { Header = plan.Header with { Scope = scope } }, cancel)).Rows;

    /// <summary>The collection or view of a view's name; None = there is none that the user may see.</summary>
    public static async Task<Option<ObservedView>> ViewAsync(IMongoDb server, Namespace view, CancellationToken cancel) =>
        ObservedView.Read(await CollectionAsync(server, view, cancel));

    private static async Task<byte[]> CollectionAsync(IMongoDb server, Namespace collection, CancellationToken cancel)
    {
        try
        {
            return await server.CommandAsync(collection.Database, Questions.CollectionWithOptions(collection), cancel);
        }
        catch (MongoDbException refused) when (Replies.IsUnauthorized(refused.Fault))
        {
            return await server.CommandAsync(collection.Database, Questions.Collection(collection), cancel);
        }
    }

    private static async Task<Option<Seq<ObservedIndex>>> IndexesAsync(IMongoDb server, Namespace collection, CancellationToken cancel)
    {
        try
        {
            return Replies.Indexes(await server.CommandAsync(collection.Database, Questions.Indexes(collection), cancel));
        }
        catch (MongoDbException refused) when (Replies.IsUnauthorized(refused.Fault))
        {
            return None;
        }
    }
}
