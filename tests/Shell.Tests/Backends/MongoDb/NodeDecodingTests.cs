using System.Text;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Snapshots;
using Kollect.Shell.Tests.Backends.Conformance;
using StoredRow = Kollect.Shell.Tests.Backends.Conformance.StoredRow;

namespace Kollect.Shell.Tests.Backends.MongoDb;

/// <summary>The library of the official Node driver decodes the BSON that Kollect writes without a library.</summary>
public sealed class NodeDecodingTests
{
    private static readonly ItemRules Rules = new(new Scope("platform", "all", "east"), Limits.Instance, None, IncludeSecrets: false);

    [Fact]
    public async Task Every_shared_item_is_decoded_without_a_difference()
    {
        var lines = await File.ReadAllLinesAsync(SharedData.Require("items.ndjson"), TestContext.Current.CancellationToken);
        await CheckAsync(lines, lines);
    }

    [Fact]
    public async Task Every_hostile_item_that_MongoDB_stores_is_decoded_without_a_difference()
    {
        HostileItem[] items = [.. HostileItem.All.Where(item => item.FateIn("MongoDB") != Fate.Rejected)];
        Assert.NotEmpty(items);
        await CheckAsync([.. items.Select(item => item.Json)], [.. items.Select(item => item.Expected)]);
    }

    [Fact]
    public async Task Numbers_at_the_limits_of_every_type_are_decoded_with_all_digits()
    {
        string[] numbers =
        [
            "0", "-0", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
            "0.1", "0.30000000000000004", "0.3000000000000000444", "5e-324", "4.9e-324", "1.7976931348623157e308", "1.7976931348623159e308",
            "1e-6176", "1e6144", "-9999999999999999999999999999999999e6111", "1234567890123456789012345678901234", "-0.000001234567890123456789012345678901234",
        ];
        string[] lines = [.. numbers.Select(number => $$"""{"targetName":"t","uid":"u","n":[{{number}}]}""")];
        await CheckAsync(lines, lines);
    }

    private static async Task CheckAsync(string[] lines, string[] expected)
    {
        StandIns.RequireInstalled("bson");
        var documents = new BsonWriter();
        foreach (var line in lines)
            BsonJson.WriteDocument(documents, Assert.IsType<RowOrRejection.Accepted>(ItemReader.Read(Encoding.UTF8.GetBytes(line), Rules, 1)).Row.Payload.Span);

        var decoded = (await StandIns.RunAsync("mongodb/decode.js", [], documents.Written)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(expected.Length, decoded.Length);
        Assert.All(expected.Zip(decoded, (item, actual) => (item, actual)), it => Assert.True(
            StoredRow.Parse($$"""{"payload":{{it.actual}} }""").Holds(it.item), $"{it.item}\nwas decoded as {it.actual}"));
    }
}
