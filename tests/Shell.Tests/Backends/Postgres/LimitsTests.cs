using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Tests.Backends.Conformance;

namespace Kollect.Shell.Tests.Backends.Postgres;

/// <summary>The limits of jsonb and of an index row match those of the server, on both sides.</summary>
public sealed class LimitsTests
{
    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    public async Task An_item_just_within_a_limit_is_stored_and_one_just_beyond_is_rejected(KollectDatabaseSinkMode mode)
    {
        string[] within =
        [
            $$"""{"targetName":"t","uid":"1","deep":{{new string('[', 900)}}{{new string(']', 900)}}}""",
            """{"targetName":"t","uid":"2","n":1e131071}""",
            """{"targetName":"t","uid":"3","n":[1.5e-16382,-0.0,1E400]}""",
            $$"""{"targetName":"t","uid":"{{new string('4', 2_640)}}"}""",
        ];
        string[] beyond =
        [
            $$"""{"targetName":"t","uid":"r1","deep":{{new string('[', 1_000)}}{{new string(']', 1_000)}}}""",
            """{"targetName":"t","uid":"r2","n":1e131073}""",
            """{"targetName":"t","uid":"r3","n":1e-16384}""",
            $$"""{"targetName":"t","uid":"{{new string('r', 2_681)}}"}""",
        ];
        var mirror = await PostgresMirror.CreateAsync();
        await mirror.ExportedAsync([]);
        var outcome = await (mirror with { Mode = mode }).ExportedLinesAsync([.. within, .. beyond], at: 1);
        Assert.Equal((8, 4, 4), (outcome.Items, outcome.Inserted, outcome.Rejected));
        var stored = await mirror.StoredAsync();
        Assert.All(within, item => Assert.Contains(stored, row => row.Holds(item)));
    }

    [Fact]
    public async Task An_identity_just_within_the_limit_of_an_index_row_is_stored_and_a_longer_one_is_refused()
    {
        var mirror = await PostgresMirror.CreateAsync();
        var scope = new Scope("platform", "all", "east");
        var random = new Random(1);

        // Incompressible.
        string Uid(int length) =>
            string.Concat(Enumerable.Range(0, length).Select(_ => (char)random.Next('!', '~'))).Replace('"', 'q').Replace('\\', 'b');

        var longest = Enumerable.Range(2_600, 200).Last(length => Limits.Instance.ObjectionToIdentity(scope, "deployments", new string('x', length)).IsNone);
        Assert.Equal(1, (await mirror.ExportedAsync([Mirror.Item(Uid(longest), "1")])).Inserted);

        // The server refuses the next size of an index row, which grows in steps of 8 bytes.
        var failed = Assert.IsType<ExportResult.Failed>(await mirror.ExportAsync([Mirror.Item(Uid(longest + 8), "1")], at: 1));
        Assert.Contains("54000", failed.Failure.Message, StringComparison.Ordinal);
    }
}
