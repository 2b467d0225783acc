using System.Text;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>A failure is reported in one redacted line with stage, cause and remedy, and nothing is written.</summary>
public sealed class FailureTests
{
    private const string Password = "pass-of-secret";

    [Fact]
    public async Task Every_failure_is_reported_in_one_redacted_line()
    {
        var mirror = await PostgresMirror.CreateAsync();
        if (await mirror.Database.ScalarAsync<string>("SHOW ssl") == "on")
            GivenServer.Postgres.RequireNone("a server without TLS");
        await mirror.ExportedAsync(Mirror.Items("a=1"));
        await mirror.Database.ExecuteAsync(
            "CREATE TABLE other (LIKE inventory_items INCLUDING ALL);"
            + "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$;"
            + "CREATE TRIGGER no BEFORE INSERT ON other FOR EACH ROW EXECUTE FUNCTION no();");
        var database = mirror.Database.Name;
        var role = await mirror.Database.CreateRoleAsync("role-of-secret-", Password);
        var busy = await mirror.Database.CreateRoleAsync("busy-role-of-secret-", Password, "CONNECTION LIMIT 0");
        (string Name, PostgresMirror Mirror)[] cases =
        [
            ("wrong password", mirror with { Url = mirror.Database.Url(role, "wrong-of-secret") }),
            ("no such role", mirror with { Url = mirror.Database.Url("nobody-of-secret", Password) }),
            ("no such database", mirror with { Url = mirror.Database.Url(database: "database-of-secret") }),
            ("refused connection", mirror with { Url = $"postgresql://{role}:{Password}@127.0.0.1:1/{database}" }),
            ("no such socket", mirror with { Url = $"host=/tmp/no-such-folder port=5432 user={role} password={Password} dbname={database}" }),
            ("unknown host", mirror with { Url = $"postgresql://{role}:{Password}@nowhere.invalid:5432/{database}" }),
            ("too many connections", mirror with { Url = mirror.Database.Url(busy, Password) }),
            ("TLS wanted, not offered", mirror with { Url = mirror.Database.Url(parameters: "sslmode=verify-full") }),
            ("unknown option", mirror with { Options = HashMap(("statement_timout", "1")) }),
            ("bad value of an option", mirror with { Options = HashMap(("work_mem", "lots")) }),
            ("option fixed at start", mirror with { Options = HashMap(("shared_buffers", "1GB")) }),
            ("option of a superuser", mirror with { Url = mirror.Database.Url(role, Password), Options = HashMap(("log_statement", "none")) }),
            ("a trigger refuses", mirror with { Table = "other" }),
        ];
        var text = new StringBuilder();
        foreach (var (name, it) in cases)
        {
            var failure = Assert.IsType<ExportResult.Failed>(await it.ExportAsync(Mirror.Items("a=2"), at: 1)).Failure;
            Assert.DoesNotContain('\n', failure.Message);
            Assert.DoesNotContain("of-secret", failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(database, failure.Message, StringComparison.Ordinal);
            text.Append(name).Append(" -> ").Append(failure.GetType().Name).Append("\n    ").Append(Mirror.WithoutPort(failure.Message)).Append('\n');
        }

        Golden.Verify(text.ToString(), "postgres/failures.txt");
        Assert.Equal("a=1", await mirror.RowsAsync());
    }

    [Fact]
    public async Task A_statement_timeout_names_the_option()
    {
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.ExportedAsync(Mirror.Many(5_000, "1"));
        var limited = mirror with { Options = HashMap(("statement_timeout", "1")) };
        var failure = Assert.IsType<Failure.TryLater>(
            Assert.IsType<ExportResult.Failed>(await limited.ExportAsync(Mirror.Many(50_000, "2"), at: 1)).Failure);
        Assert.Contains("options.statement_timeout", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5_000, await mirror.Database.ScalarAsync<long>("SELECT count(*) FROM inventory_items WHERE payload->>'value' = '1'"));
    }
}
