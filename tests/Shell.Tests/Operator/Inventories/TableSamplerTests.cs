using Npgsql;

namespace Kollect.Shell.Tests.Operator.Inventories;

/// <summary>The sampler notices short changes of a table, and fails when it has no samples.</summary>
public sealed class TableSamplerTests
{
    [Fact]
    public async Task A_table_that_was_empty_for_a_moment_is_caught()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE inventory_items AS SELECT generate_series(1, 400) AS it");
        await using var sampler = await TableSampler.StartAsync(database);
        await sampler.AssertNeverBelowAsync(400);
        await database.ExecuteAsync("DELETE FROM inventory_items");
        await Eventually.HoldsAsync(() => Task.FromResult(sampler.Lowest == 0));
        await database.ExecuteAsync("INSERT INTO inventory_items SELECT generate_series(1, 500)");
        await Eventually.HoldsAsync(() => Task.FromResult(sampler.Highest == 500));

        var failure = await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(() => sampler.AssertNeverBelowAsync(400));
        Assert.Matches(@"fewer than 400 rows:\n0\.\d s: 400\n\d+\.\d s: 0\n\d+\.\d s: 500\n", failure.Message);
    }

    [Fact]
    public async Task Rows_that_one_transaction_deletes_and_inserts_again_are_never_missing()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await database.ExecuteAsync("CREATE TABLE inventory_items AS SELECT generate_series(1, 400) AS it");
        await using var sampler = await TableSampler.StartAsync(database);
        var samples = sampler.Timeline.Count;
        await database.ExecuteAsync(
            "BEGIN; DELETE FROM inventory_items; SELECT pg_sleep(0.5); INSERT INTO inventory_items SELECT generate_series(1, 400); COMMIT");
        Assert.True(sampler.Timeline.Count > samples + 1, "no sample was taken during the transaction");
        await sampler.AssertNeverBelowAsync(400);
    }

    [Fact]
    public async Task A_sampler_that_cannot_query_fails()
    {
        var database = await PostgresServer.CreateDatabaseAsync();
        await Assert.ThrowsAsync<PostgresException>(() => TableSampler.StartAsync(database));

        await database.ExecuteAsync("CREATE TABLE inventory_items AS SELECT 1 AS it");
        await using var sampler = await TableSampler.StartAsync(database);
        await database.ExecuteAsync("DROP TABLE inventory_items");
        await Eventually.HoldsAsync(async () => await Record.ExceptionAsync(() => sampler.AssertNeverBelowAsync(1)) is PostgresException);
    }
}
