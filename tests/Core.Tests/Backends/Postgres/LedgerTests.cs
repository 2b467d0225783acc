using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class LedgerTests
{
    private static Desired Desired(KollectDatabaseSinkMode mode = KollectDatabaseSinkMode.Ensure) => Examples.Desired(mode) with { KeepsLedger = true };

    private static Observed With(Func<ObservedTable, ObservedTable> change) => Complete with { Ledger = change(Examples.Ledger) };

    private static Observed Complete { get; } = Examples.Ready with { Ledger = Examples.Ledger, Freshness = Examples.Freshness };

    [Fact]
    public void A_missing_ledger_is_planned_beside_the_table_and_then_nothing_more()
    {
        var plan = Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Desired(), Examples.Ready with { Table = None }));
        Assert.Equal(
            [
                "table \"public\".\"inventory_items\" is missing",
                "table \"public\".\"kollect_exports\", the ledger of exports, is missing",
                "view \"public\".\"kollect_freshness\" of the ledger is missing",
            ],
            plan.Statements.Map(statement => statement.Why).AsEnumerable());
        var ledger = new Ledger(Examples.Table);
        Assert.Equal(Seq(ledger.Own.Create, new Freshness(ledger).CreateView), Ready(Examples.Ready).Statements.Map(it => it.Sql));
        Assert.Equal(new Freshness(ledger).CreateView, Assert.Single(Ready(Complete with { Freshness = None }).Statements).Sql);
        Assert.Empty(Ready(Complete).Statements);

        static ProvisioningPlan.Ready Ready(Observed observed) => Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(Desired(), observed));
    }

    [Fact]
    public void Without_it_an_export_is_possible_and_a_warning_names_what_to_run()
    {
        var lines = Seq(
                ("mode existing, none there", Desired(KollectDatabaseSinkMode.Existing), Examples.Ready),
                ("mode ensure, no right to create it", Desired(), Examples.Ready with { CanCreateTable = false }),
                ("another table of that name", Desired(), Complete with { Ledger = Examples.Ready.Table }),
                ("a partitioned table", Desired(), With(it => it with { Kind = "p" })),
                ("a column of another type", Desired(KollectDatabaseSinkMode.Existing), With(it => it with
                {
                    Columns = it.Columns.Map(column => column.Name == "items" ? column with { BuiltIn = "int4" } : column),
                })),
                ("a column that takes no NULL", Desired(), With(it => it with
                {
                    Columns = it.Columns.Map(column => column.Name == "refusal" ? column with { NotNull = true } : column),
                })),
                ("no key", Desired(), With(it => it with { UniqueIndexes = Empty })),
                ("a privilege less", Desired(KollectDatabaseSinkMode.Existing), With(it => it with { CanDelete = false })),
                ("row-level security", Desired(), With(it => it with { RowSecurity = true })))
            .Map(it =>
            {
                var (name, desired, observed) = it;
                Assert.Empty(Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(desired, observed)).Statements);
                Assert.False(LedgerState.Of(desired, observed).IsKept);
                return $"{name}\n{Assert.Single(Warnings.Of(desired, observed))}\n";
            });
        Golden.Verify(string.Join('\n', lines), "postgres/ledger/warnings.txt");
    }

    [Fact]
    public void Without_its_view_the_ledger_is_kept_and_a_warning_names_what_to_run()
    {
        var lines = Seq(
                ("mode existing, no view", Desired(KollectDatabaseSinkMode.Existing), Complete with { Freshness = None }),
                ("mode ensure, no right to create it", Desired(), Complete with { Freshness = None, CanCreateTable = false }),
                ("a table of that name", Desired(), Complete with { Freshness = Examples.Freshness with { Kind = "r" } }),
                ("a view of somebody else", Desired(), Complete with { Freshness = new ObservedFreshness("v", Seq("inventory_name", "age")) }))
            .Map(it =>
            {
                var (name, desired, observed) = it;
                Assert.Empty(Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(desired, observed)).Statements);
                Assert.True(LedgerState.Of(desired, observed).IsKept);
                return $"{name}\n{Assert.Single(Warnings.Of(desired, observed))}\n";
            });
        Golden.Verify(string.Join('\n', lines), "postgres/ledger/freshness-warnings.txt");
    }

    [Fact]
    public void A_view_with_more_columns_serves()
    {
        var wider = Examples.Freshness with { Columns = Examples.Freshness.Columns.Add("team").Rev() };
        Assert.IsType<FreshnessState.Ready>(FreshnessState.Of(Desired(), Complete with { Freshness = wider }));
    }

    [Fact]
    public void None_is_kept_where_it_is_switched_off_or_cannot_be()
    {
        foreach (var (desired, observed) in Seq(
                     (Examples.Desired(), Examples.Ready with { Ledger = Examples.Ledger }),
                     (Desired() with { Table = new TableName("public", "kollect_exports") }, Examples.Ready),
                     (Desired(), Examples.Ready with { Citus = new Citus(0, new CitusTable("h", false, "source_uid")) })))
        {
            Assert.IsType<LedgerState.Off>(LedgerState.Of(desired, observed));
            Assert.Empty(Warnings.Of(desired, observed));
            Assert.Empty(Assert.IsType<ProvisioningPlan.Ready>(Plan.Provision(desired, observed)).Statements);
        }
    }

    [Fact]
    public void The_key_of_a_scope_that_is_too_long_for_an_index_is_not_held()
    {
        Assert.True(new Ledger(Examples.Table).Holds(Examples.Header.Scope));
        Assert.False(new Ledger(Examples.Table).Holds(new Scope("a", "b", new string('c', Limits.MaxIndexRowBytes))));
    }
}
