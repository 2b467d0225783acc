using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class HistoryTests
{
    private static readonly History History = new(Examples.Table);

    /// <summary>Every statement that writes a history or sweeps it, with the name of its golden.</summary>
    internal static IEnumerable<(string File, string Sql)> All(History history)
    {
        var sql = new ExportStatements(history.Table) { History = history };
        var batches = new BatchStatements(history.Table, Columns.Identity) { History = history };
        return
        [
            ("staging-upsert", sql.Upsert(skipUnchanged: true)),
            ("staging-upsert-partitioned", (sql with { IsPartitioned = true }).Upsert(skipUnchanged: true)),
            ("staging-delete-stale", sql.DeleteStale),
            ("copy-delete-others", sql.DeleteOthers),
            ("touch", sql.Touch),
            ("batch-upsert", batches.Upsert(skipUnchanged: true)),
            ("batch-delete", batches.DeleteByIdentity),
            ("delta-upsert", new DeltaStatements(batches).Upsert),
            ("delta-delete", new DeltaStatements(batches).Delete),
            ("sweep", history.Sweep),
        ];
    }

    [Fact]
    public void Every_statement_of_a_history_matches_its_golden()
    {
        foreach (var (file, sql) in All(History))
            Golden.Verify(sql, $"postgres/history/{file}.sql");
    }

    [Fact]
    public void What_is_missing_is_created_with_its_reason()
    {
        var ready = Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Desired(), Examples.Ready));
        Golden.Verify(string.Concat(ready.Statements.Map(it => $"-- {it.Why}\n{it.Sql}\n")), "postgres/history/create.sql");
        Assert.Empty(Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Desired(), Complete)).Statements);
        Assert.Single(Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Desired(), Complete with { Timeline = None })).Statements);
    }

    [Fact]
    public void Mode_existing_and_a_role_without_rights_are_told_what_is_missing_of_history_and_table_at_once()
    {
        var said = new System.Text.StringBuilder();
        foreach (var (title, desired, observed) in new[]
                 {
                     ("mode existing, nothing there", Desired(KollectDatabaseSinkMode.Existing), Examples.Ready with { Table = None }),
                     ("mode existing, no history", Desired(KollectDatabaseSinkMode.Existing), Examples.Ready),
                     ("mode ensure, no right to create", Desired(), Examples.Ready with { CanCreateTable = false }),
                     ("another table of its name", Desired(), Examples.Ready with { History = Examples.WithTable(it => it).Table }),
                     ("no privileges, and row security", Desired(), Complete with
                     {
                         History = Complete.History.Map(it => it with { CanDelete = false, RowSecurity = true, IsOwner = false }),
                     }),
                     ("another relation of the view's name", Desired(), Complete with { Timeline = "r" }),
                     ("no right to create the view", Desired(), Complete with { Timeline = None, CanCreateTable = false }),
                 })
        {
            said.Append(title).Append('\n');
            if (Plan.Provision(desired, observed) is ProvisioningPlan.Refused refused)
                foreach (var it in refused.Refusals)
                    said.Append("    ").Append(it.What).Append("\n        ").Append(Indented(it.Remedy)).Append('\n');
            foreach (var warning in Warnings.Of(desired, observed))
                said.Append("    ").Append(Indented(warning)).Append('\n');
            said.Append('\n');
        }

        Golden.Verify(said.ToString(), "postgres/history/gaps.txt");

        static string Indented(string text) => text.Replace("\n", "\n        ", StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_implies_that_equal_rows_are_left_alone() =>
        Assert.True((Examples.Sink().Settings with { History = new HistorySettings(true, None) }).SkipsUnchanged(hasLedger: false));

    [Theory]
    [InlineData(54, true)]
    [InlineData(55, false)]
    public void A_name_has_room_for_the_longest_suffix(int length, bool fits)
    {
        Assert.Equal(fits, History.NameProblem(new string('a', length)).IsNone);
        if (fits)
            Assert.True(Identifier.Problem(new History(new TableName("s", new string('a', length))).Timeline.Name).IsNone);
    }

    private static Desired Desired(KollectDatabaseSinkMode mode = KollectDatabaseSinkMode.Ensure) => Examples.Desired(mode) with { History = History };

    private static Observed Complete { get; } = Examples.Ready with
    {
        Timeline = "v",
        History = Examples.Ledger with
        {
            Columns = History.Columns.Map(it => Examples.Column(it.Name, it.CatalogName, it.Type)),
            UniqueIndexes = Seq1(new ObservedIndex("inventory_items_history_pkey", History.Key, Usable: true, IsDeterministic: true)),
        },
    };
}
