using FsCheck;
using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class ErrorsTests
{
    [Fact]
    public void The_table_of_errors_matches_its_golden()
    {
        var lines = Errors.Table.Entries.Map(entry =>
            $"{entry.Code,-9} {entry.Name,-32} {entry.After.Match(after => $"try later, {after.TotalSeconds} s", () => "refused"),-16} {entry.Remedy}\n");
        Golden.Verify(string.Concat(lines), "mongodb/errors.txt");
    }

    [Fact]
    public void Every_network_fault_is_one_line_with_stage_cause_and_remedy()
    {
        var lines = Enum.GetValues<NetworkFault>().Select(kind => Show(Errors.Table.Classify(Stage.Connect, new Fault.Network(kind), Redactor.WithoutSecrets)))
            .Append(Show(Errors.Table.Classify(Stage.Commit, new Fault.Network(NetworkFault.Broken), Redactor.WithoutSecrets)))
            .Append(Show(Errors.Table.Classify(Stage.Connect, Errors.Incompatible, Redactor.WithoutSecrets)));
        Golden.Verify(string.Concat(lines), "mongodb/network-faults.txt");
    }

    [Theory]
    [InlineData("18", "", typeof(Failure.Refused))]
    [InlineData("10107", "", typeof(Failure.TryLater))]
    [InlineData("4711", "", typeof(Failure.Refused))]
    [InlineData("4711", "RetryableWriteError", typeof(Failure.TryLater))]
    [InlineData("18", "RetryableWriteError", typeof(Failure.Refused))]
    public void The_code_decides_and_for_an_unknown_code_the_label(string code, string label, Type expected) =>
        Assert.IsType(expected, Errors.Table.Classify(Stage.Export, new Fault.Server(code, "words of the server", Seq1(label)), Redactor.WithoutSecrets));

    [Property]
    public void Every_error_is_classified_in_one_line(NonNull<string> code, NonNull<string> text) => Errors.Table.IsClassifiedInOneLine(code.Get, text.Get);

    /// <summary>The texts are messages of MongoDB.</summary>
    [Property]
    public Property No_message_shows_any_part_of_a_Secret() => Errors.Table.ShowsNoPartOfASecret(
        Errors.Table.Entries.Map(entry => entry.Code),
        "Authentication failed.",
        "Could not find user \"{0}\" for db \"{1}\"",
        "not authorized on {1} to execute command {{ listIndexes: \"items\", $db: \"{1}\" }}",
        "Failed to look up SRV record \"_mongodb._tcp.{2}\": The specified host is unknown.",
        "E11000 duplicate key error collection: {1}.items index: by_uid dup key: {{ uid: \"1\" }}",
        "mongodb://{0}:{3}@{2}/{1} is no connection string");

    private static string Show(Failure failure) => $"{failure.GetType().Name,-9} {failure.Message}\n";
}
