using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;

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

    [Fact]
    public void Every_error_is_classified_in_one_line() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>((code, text) =>
        {
            var failure = Errors.Table.Classify(Stage.Export, new Fault.Server(code.Get, text.Get), Redactor.WithoutSecrets);
            return failure.Message.StartsWith("export: ", StringComparison.Ordinal) && failure.Message.Contains(" — ", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_message_shows_any_part_of_a_Secret()
    {
        // Messages of MongoDB that contain names; {0} user, {1} database, {2} host, {3} password.
        string[] texts =
        [
            "Authentication failed.",
            "Could not find user \"{0}\" for db \"{1}\"",
            "not authorized on {1} to execute command {{ listIndexes: \"items\", $db: \"{1}\" }}",
            "Failed to look up SRV record \"_mongodb._tcp.{2}\": The specified host is unknown.",
            "E11000 duplicate key error collection: {1}.items index: by_uid dup key: {{ uid: \"1\" }}",
            "mongodb://{0}:{3}@{2}/{1} is no connection string",
        ];
        var part = Gen.ArrayOf(Gen.Elements("abcdefghijkmnpqrsuvwxyzABCDEFG0123456789_-".ToCharArray()), 9).Select(letters => new string(letters));
        var cases = from parts in Gen.ArrayOf(part, 4)
                    from text in Gen.Elements(texts)
                    from code in Gen.Elements(Errors.Table.Entries.Map(entry => entry.Code).ToArray())
                    from stage in Gen.Elements(Enum.GetValues<Stage>())
                    select (parts, text, code, stage);
        Prop.ForAll(Arb.From(cases), it =>
        {
            var redactor = Redactor.For(it.parts.Select(secret => new SecretText(secret)).ToArray().ToSeq());
            var fault = new Fault.Server(it.code, string.Format(System.Globalization.CultureInfo.InvariantCulture, it.text, [.. it.parts]));
            var message = Errors.Table.Classify(it.stage, fault, redactor).Message;
            return it.parts.All(secret => !message.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }).QuickCheckThrowOnFailure();
    }

    private static string Show(Failure failure) => $"{failure.GetType().Name,-9} {failure.Message}\n";
}
