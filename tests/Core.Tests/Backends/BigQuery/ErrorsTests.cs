using FsCheck;
using Kollect.Core.Backends;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Failures;

namespace Kollect.Core.Tests.Backends.BigQuery;

public sealed class ErrorsTests
{
    [Fact]
    public void The_table_of_errors_matches_its_golden()
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
    public void The_message_overrules_the_reason_and_the_reason_overrules_the_status(string reason, string status, string text, bool transient)
    {
        var fault = new Fault.Server(reason, text, Seq1(status));
        Assert.Equal(transient, Errors.Table.Classify(Stage.Export, fault, Redactor.WithoutSecrets) is Failure.TryLater);
        Assert.Equal(transient, Errors.IsTransient(fault));
    }

    [Fact]
    public void Within_an_export_only_a_broken_connection_is_retried() =>
        Assert.Equal(
            [NetworkFault.Broken],
            Enum.GetValues<NetworkFault>().Where(kind => Errors.IsTransient(new Fault.Network(kind))));

    [Property]
    public void Every_error_is_classified_in_one_line(NonNull<string> code, NonNull<string> text) => Errors.Table.IsClassifiedInOneLine(code.Get, text.Get);

    /// <summary>The texts are messages of BigQuery.</summary>
    [Property]
    public Property No_message_shows_any_part_of_a_Secret() => Errors.Table.ShowsNoPartOfASecret(
        Errors.Table.Entries.Map(entry => entry.Code),
        "Invalid JWT Signature.",
        "Access Denied: Project {1}: User {0}@{1}.iam.gserviceaccount.com does not have bigquery.jobs.create permission in project {1}.",
        "Not found: Dataset {1}:inventory was not found in location EU",
        "No such host is known. ({2}:443)",
        "key {3} of {0} is revoked");
}
