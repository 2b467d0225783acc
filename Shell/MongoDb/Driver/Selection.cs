using Kollect.Core.Failures;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Servers;

namespace Kollect.MongoDb.Driver;

/// <summary>Why the driver finds no server that takes writes, from the state of each server; its own exception holds that as a text only.</summary>
internal static class Selection
{
    private static readonly Fault NoPrimary = new Fault.Server("10107", "no member of the replica set takes writes");

    /// <summary>The guard forbade a server, and waiting for the others is of no use: each has answered, and none takes writes.</summary>
    public static Option<Fault> Refusal(ClusterDescription servers) =>
        servers.Servers.All(server => HasAnswered(server) && !TakesWrites(server)) ? Forbidden(servers) : None;

    /// <summary>The cause of a selection that failed; None = no server has said anything yet.</summary>
    public static Option<Fault> Cause(ClusterDescription servers) =>
        servers.Servers.Any(TakesWrites) ? new Fault.Network(NetworkFault.TimedOut)
        : Forbidden(servers) || Failures(servers).HeadOrNone()
        || (servers.Servers.All(HasAnswered) ? Some(NoPrimary) : None);

    private static Option<Fault> Forbidden(ClusterDescription servers) => Failures(servers).Find(fault => fault is Fault.Forbidden);

    private static Seq<Fault> Failures(ClusterDescription servers) => servers.Servers
        .Where(server => server.HeartbeatException is not null)
        .Select(server => Faults.Of(server.HeartbeatException).IfNone(new Fault.Network(NetworkFault.Broken)))
        .ToArray()
        .ToSeq();

    private static bool HasAnswered(ServerDescription server) => server.State == ServerState.Connected || server.HeartbeatException is not null;

    private static bool TakesWrites(ServerDescription server) =>
        server.Type is ServerType.Standalone or ServerType.ReplicaSetPrimary or ServerType.ShardRouter or ServerType.LoadBalanced;
}
