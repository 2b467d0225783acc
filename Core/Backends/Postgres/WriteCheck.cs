using Kollect.Core.Failures;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The last step before a commit: whether the table holds what was sent.</summary>
internal static class WriteCheck
{
    /// <summary>The reason why the export is rolled back; None = the counts agree, and nothing unknown came in between.</summary>
    /// <param name="plan">Made from what was observed before the export.</param>
    /// <param name="written">Counts of the server, with the first that differs from what was sent.</param>
    /// <param name="now">Observed after the writes, whose locks keep triggers and rules as they are; some may be newer than the plan.</param>
    public static Option<Failure> Objection(ExportPlan plan, WriteCounts written, Seq<Interceptor> now)
    {
        var (table, gaps, active) = (plan.Statements.Table, now.Filter(it => it.IsGap), now.Filter(it => it.NeedsCheck));
        var fresh = active.Filter(it => !plan.Interceptors.Contains(it));
        return written.Miscount.Map(it => active.IsEmpty
                ? TryLater($"{it}", $"look for another writer of {table}, a policy or an extension that changes rows; it is tried again")
                : Refused(table, gaps, $"{it}; in between {Names(active)}"))
            || (gaps.IsEmpty ? None : Some(Refused(table, gaps, $"since the preflight there is {Names(gaps)}")))
            || (fresh.IsEmpty ? None : Some(TryLater($"since the preflight there is {Names(fresh)}", "it is tried again, and then the rows are read again")));
    }

    private static string Names(Seq<Interceptor> interceptors) => string.Join(", ", interceptors.Map(Render.Named));

    private static Failure Refused(TableName table, Seq<Interceptor> gaps, string what) => new Failure.Refused(
        FailureLine.Of(
            Stage.Export, what, "nothing was written; " + (gaps.IsEmpty ? "mend the trigger or disable it" : "run what the remedies say, then again")),
        gaps.Map(it => Render.Explain(new Gap.Intercepted(table, it))));

    private static Failure TryLater(string what, string remedy) =>
        new Failure.TryLater(FailureLine.Of(Stage.Export, what, $"nothing was written; {remedy}"), Waits.Soon);
}
