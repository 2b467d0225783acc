using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;

namespace Kollect.Core.Tests.Backends.BigQuery;

public sealed class ErrorsTests
{
    [Fact]
    public void The_table_of_errors_can_be_read()
    {
        var lines = Errors.Table.Entries.Map(entry =>
            $"{entry.Code,-24} {entry.Name,-46} {entry.After.Match(after => $"try later, {after.TotalSeconds} s", () => "refused"),-16} {entry.Remedy}\n");
        Golden.Verify(string.Concat(lines), "bigquery/errors.txt");
    }

    [Fact]
    public void Every_network_fault_is_one_line_with_stage_cause_and_remedy()
    {
        var lines = Enum.GetValues<NetworkFault>().Select(kind => Errors.Table.Classify(Stage.Connect, new Fault.Network(kind), Redactor.WithoutSecrets))
            .Append(Errors.Table.Classify(Stage.Commit, new Fault.Network(NetworkFault.Broken), Redactor.WithoutSecrets));
        Golden.Verify(string.Concat(lines.Select(failure => $"{failure.GetType().Name,-9} {failure.Message}\n")), "bigquery/network-faults.txt");
    }

    [Theory]
    [InlineData("rateLimitExceeded", "403", "Exceeded rate limits", true)]
    [InlineData("quotaExceeded", "403", "Quota exceeded", true)]
    [InlineData("jobBackendError", "400", "Error encountered during execution", true)]
    [InlineData("invalidQuery", "400", "Could not serialize access to table acme:inventory.items due to concurrent update", true)]
    [InlineData("invalidQuery", "400", "Transaction is aborted due to concurrent update against table", true)]
    [InlineData("accessDenied", "403", "Access Denied", false)]
    [InlineData("invalidQuery", "400", "Syntax error", false)]
    [InlineData("somethingNew", "503", "try again", true)]
    [InlineData("somethingNew", "400", "no", false)]
    public void The_words_go_before_the_reason_and_the_reason_before_the_status(string reason, string status, string text, bool transient)
    {
        var fault = new Fault.Server(reason, text, Seq1(status));
        Assert.Equal(transient, Errors.Table.Classify(Stage.Export, fault, Redactor.WithoutSecrets) is Failure.TryLater);
        Assert.Equal(transient, Errors.IsTransient(fault));
    }

    [Fact]
    public void Within_one_export_only_a_broken_connection_is_worth_another_request() =>
        Assert.Equal(
            [NetworkFault.Broken],
            Enum.GetValues<NetworkFault>().Where(kind => Errors.IsTransient(new Fault.Network(kind))));

    [Fact]
    public void Pauses_grow_and_stay_within_their_bounds() =>
        Prop.ForAll<int, NormalFloat>((attempt, any) =>
        {
            var (tries, jitter) = (Math.Abs(attempt % 20), Math.Abs(any.Get) % 1);
            var delay = Retries.Delay(tries, jitter);
            return delay <= TimeSpan.FromSeconds(16) && delay > TimeSpan.FromSeconds(Math.Min(16, Math.Pow(2, tries)) / 2) - TimeSpan.FromTicks(1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Classification_is_total_and_always_one_line() =>
        Prop.ForAll<NonNull<string>, NonNull<string>>((code, text) =>
        {
            var failure = Errors.Table.Classify(Stage.Export, new Fault.Server(code.Get, text.Get), Redactor.WithoutSecrets);
            return failure.Message.StartsWith("export: ", StringComparison.Ordinal) && failure.Message.Contains(" — ", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_error_text_shows_any_part_of_a_Secret()
    {
        // What BigQuery says with names in it; {0} user, {1} database, {2} host, {3} password.
        string[] sayings =
        [
            "Invalid JWT Signature.",
            "Access Denied: Project {1}: User {0}@{1}.iam.gserviceaccount.com does not have bigquery.jobs.create permission in project {1}.",
            "Not found: Dataset {1}:inventory was not found in location EU",
            "No such host is known. ({2}:443)",
            "key {3} of {0} is revoked",
        ];
        var part = Gen.ArrayOf(Gen.Elements("abcdefghijkmnpqrsuvwxyzABCDEFG0123456789_-".ToCharArray()), 9).Select(letters => new string(letters));
        var cases = from parts in Gen.ArrayOf(part, 4)
                    from saying in Gen.Elements(sayings)
                    from code in Gen.Elements(Errors.Table.Entries.Map(entry => entry.Code).ToArray())
                    from stage in Gen.Elements(Enum.GetValues<Stage>())
                    select (parts, saying, code, stage);
        Prop.ForAll(Arb.From(cases), it =>
        {
            var redactor = Redactor.For(it.parts.Select(text => new SecretText(text)).ToArray().ToSeq());
            var fault = new Fault.Server(it.code, string.Format(System.Globalization.CultureInfo.InvariantCulture, it.saying, [.. it.parts]));
            var message = Errors.Table.Classify(it.stage, fault, redactor).Message;
            return it.parts.All(secret => !message.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }).QuickCheckThrowOnFailure();
    }
}
