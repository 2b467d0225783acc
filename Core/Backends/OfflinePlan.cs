using System.Diagnostics;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;

namespace Kollect.Core.Backends;

/// <summary>What a destination must look like, without a look at any server: the same words for all backends.</summary>
public static class OfflinePlan
{
    /// <summary>Every statement that the sink may come to run, or that an administrator has to run in mode <c>existing</c>.</summary>
    /// <param name="sink">Any backend.</param>
    /// <param name="table">Rendered name of table or collection, or the template itself where there is no inventory to render it for.</param>
    public static Seq<Statement> Of(Sink sink, string table) => sink switch
    {
        Sink.Postgres it => Seq1(Backends.Postgres.Plan.Offline(Backends.Postgres.Plan.Desire(it, table))),
        Sink.MongoDb it => Seq1(Backends.MongoDb.Plan.Offline(Backends.MongoDb.Plan.Desire(it, table))),
        Sink.BigQuery it => Backends.BigQuery.Plan.Offline(Backends.BigQuery.Plan.Desire(it, table), it.Settings.SkipUnchanged),
        _ => throw new UnreachableException(),
    };
}
