using FsCheck;
using Kollect.Core.Backends;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Failures;

namespace Kollect.Core.Tests.Backends.Postgres;

public sealed class ErrorsTests
{
    private static readonly Redactor NoSecrets = Redactor.WithoutSecrets;

    [Fact]
    public void The_table_of_errors_matches_its_golden()
    {
        var lines = Errors.Table.Entries.Map(entry =>
            $"{entry.Code,-6} {entry.Name,-40} {entry.After.Match(after => $"try later, {after.TotalSeconds} s", () => "refused"),-16} {entry.Remedy}\n");
        Golden.Verify(string.Concat(lines), "postgres/errors.txt");
    }

    [Fact]
    public void Every_network_fault_is_one_line_with_stage_cause_and_remedy()
    {
        var lines = Enum.GetValues<NetworkFault>().Select(kind => Show(Errors.Table.Classify(Stage.Connect, new Fault.Network(kind), NoSecrets)))
            .Append(Show(Errors.Table.Classify(Stage.Commit, new Fault.Network(NetworkFault.Broken), NoSecrets)))
            .Append(Show(Errors.Table.Classify(Stage.Connect, new Fault.Network(NetworkFault.TimedOut) { Limit = TimeSpan.FromSeconds(10) }, NoSecrets)))
            .Append(Show(Errors.Table.Classify(Stage.Preflight, new Fault.TooSlow(TimeSpan.FromSeconds(15)), NoSecrets)))
            .Append(Show(Errors.Table.Classify(Stage.Commit, new Fault.TooSlow(TimeSpan.FromSeconds(15)), NoSecrets)))
            .Append(Show(Errors.Table.Classify(Stage.Preflight, new Fault.TooLarge(1 << 20), NoSecrets)))
            .Append(Show(Errors.Table.Classify(Stage.Connect, new Fault.Unprotected("in clear text"), NoSecrets)));
        Golden.Verify(string.Concat(lines), "postgres/network-faults.txt");
    }

    [Theory]
    [InlineData("28P01", typeof(Failure.Refused))]
    [InlineData("3D000", typeof(Failure.Refused))]
    [InlineData("42501", typeof(Failure.Refused))]
    [InlineData("42704", typeof(Failure.Refused))]
    [InlineData("23505", typeof(Failure.TryLater))]
    [InlineData("40P01", typeof(Failure.TryLater))]
    [InlineData("40001", typeof(Failure.TryLater))]
    [InlineData("53300", typeof(Failure.TryLater))]
    [InlineData("57014", typeof(Failure.TryLater))]
    [InlineData("57P01", typeof(Failure.TryLater))]
    [InlineData("57P04", typeof(Failure.Refused))]
    [InlineData("08006", typeof(Failure.TryLater))]
    public void A_code_of_five_characters_overrules_its_class(string code, Type expected) =>
        Assert.IsType(expected, Errors.Table.Classify(Stage.Export, new Fault.Server(code, "words of the server"), NoSecrets));

    [Property]
    public void Every_error_is_classified_in_one_line(NonNull<string> code, NonNull<string> text) => Errors.Table.IsClassifiedInOneLine(code.Get, text.Get);

    /// <summary>The texts are messages of PostgreSQL 15.</summary>
    [Property]
    public Property No_message_shows_any_part_of_a_Secret() => Errors.Table.ShowsNoPartOfASecret(
        Errors.Table.Entries.Map(entry => entry.Code.PadRight(5, '0')),
        "password authentication failed for user \"{0}\"",
        "role \"{0}\" does not exist",
        "database \"{1}\" does not exist",
        "permission denied for database {1}",
        "no pg_hba.conf entry for host \"{2}\", user \"{0}\", database \"{1}\", no encryption",
        "too many connections for role \"{0}\"",
        "must be member of role \"{0}\"",
        "could not connect to {2}: connection string user={0} password={3} dbname={1}",
        "postgresql://{0}:{3}@{2}/{1} is down");

    private static string Show(Failure failure) => $"{failure.GetType().Name,-9} {failure.Message}\n";
}
