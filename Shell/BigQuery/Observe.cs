using Kollect.Core.Backends.BigQuery;

namespace Kollect.BigQuery;

/// <summary>Reads the facts that Core's plan needs; decides nothing.</summary>
internal static class Observe
{
    /// <summary>Reads the dataset: the first request, which authenticates.</summary>
    public static async Task<Observed> DatasetAsync(BigQueryService service, Jobs jobs, TableId table, CancellationToken cancel)
    {
        var dataset = await jobs.FindAsync(token => service.GetDatasetAsync(table, token), cancel);
        return dataset.Match(found => BigQueryException.Unless(Observed.OfDataset(found)), () => new Observed(None, None));
    }

    /// <summary>The same with the table.</summary>
    public static async Task<Observed> TableAsync(Session session, TableId table, CancellationToken cancel)
    {
        var resource = await session.Jobs.FindAsync(token => session.Service.GetTableAsync(table, token), cancel);
        return session.Dataset with { Table = resource.Map(found => BigQueryException.Unless(ObservedTable.Read(found))) };
    }

    /// <summary>The newest time that the table holds of the scope; None = no row.</summary>
    public static async Task<Option<DateTimeOffset>> NewestAsync(Jobs jobs, ExportPlan plan, CancellationToken cancel) =>
        (await jobs.AskAsync(
                plan.Table.Project, plan.Location, Requests.Question(plan.Location, Merge.Newest(plan.Table), plan.WithoutRows, plan.Settings), cancel))
            .HeadOrNone()
            .Bind(value => value.Bind(Answer.Time));

    /// <summary>The rows of the scope in short.</summary>
    public static async Task<ScopeLook> ScopeAsync(Jobs jobs, ExportPlan plan, CancellationToken cancel) => BigQueryException.Unless(ScopeLook.Read(
        await jobs.AskAsync(
            plan.Table.Project, plan.Location, Requests.Question(plan.Location, Merge.Look(plan.Table), plan.WithoutRows, plan.Settings), cancel)));
}
