using Kollect.Core.Tests.Manifests;

namespace Kollect.Core.Tests.Backends.Postgres.Connections;

/// <summary>What PostgreSQL takes passes; what no version of it takes is refused at admission (manual, "Parameter Names and Values").</summary>
public sealed class ServerValuesTests
{
    [Theory]
    [InlineData("statement_timeout", "0")]
    [InlineData("statement_timeout", " 90 s ")]
    [InlineData("Statement_Timeout", "1.5h")]
    [InlineData("statement_timeout", "2147483647")]
    [InlineData("statement_timeout", "24d")]
    [InlineData("statement_timeout", "1e3")]
    [InlineData("lock_timeout", "0x10")]
    [InlineData("work_mem", "64MB")]
    [InlineData("work_mem", "1TB")]
    [InlineData("temp_file_limit", "-1")]
    [InlineData("temp_buffers", "8MB")]
    [InlineData("effective_cache_size", "4GB")]
    [InlineData("random_page_cost", "1.1")]
    [InlineData("jit", "off")]
    [InlineData("jit", "TRUE")]
    [InlineData("jit", "of")]
    [InlineData("synchronous_commit", "remote_apply")]
    [InlineData("my.parameter", "anything")]
    public void A_value_that_a_server_takes_is_accepted(string name, string value) => Assert.Equal("", Problems(name, value));

    [Theory]
    [InlineData("statement_timeout", "2147483648")]
    [InlineData("statement_timeout", "25d")]
    [InlineData("statement_timeout", "-1")]
    [InlineData("statement_timeout", "5 parsecs")]
    [InlineData("statement_timeout", "1MB")]
    [InlineData("statement_timeout", "NaN")]
    [InlineData("statement_timeout", "1e309")]
    [InlineData("statement_timeout", "")]
    [InlineData("lock_timeout", "0xFFFFFFFFFF")]
    [InlineData("work_mem", "1kB")]
    [InlineData("work_mem", "3TB")]
    [InlineData("work_mem", "64mb")]
    [InlineData("default_statistics_target", "10001")]
    [InlineData("jit", "2")]
    [InlineData("jit", "o")]
    public void A_value_beyond_the_range_is_refused_with_the_range(string name, string value)
    {
        var problem = Problems(name, value);
        Assert.StartsWith($"KDB045 spec.options[{name}]: ", problem, StringComparison.Ordinal);
        Assert.Contains(name == "jit" ? "on and off are possible" : "a number from ", problem, StringComparison.Ordinal);
    }

    private static string Problems(string name, string value) => SinkManifests.Read(
        SinkManifests.With(SinkManifests.PostgresSpec, ($"options/{name}", System.Text.Json.JsonSerializer.Serialize(value)))).Spec
        .Match(Right: _ => "", Left: problems => string.Join("; ", problems));
}
