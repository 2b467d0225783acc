using System.Text;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class LimitsTests
{
    /// <summary>The server's limit for filter and document of a write together: BSONObjMaxInternalSize in builder.h.</summary>
    private const int MaxInternalBytes = Limits.MaxDocumentBytes + (16 << 10);

    private static readonly ItemRules Rules = new(new Scope("platform", "all", "east"), Limits.Instance, None, IncludeSecrets: false);

    /// <summary>Payloads of 3 to 16 MiB of JSON that take 15 MiB and more as BSON; a text at the end gives them any size.</summary>
    private static readonly string[] Bulky =
    [
        $"[1{Repeat(",1", 1_210_000)}]", $"[[]{Repeat(",[]", 1_120_000)}]", $"[1.5{Repeat(",-0", 930_000)}]", $"[\"\"{Repeat(",{\"\":0}", 700_000)}]", "[]",
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_row_is_accepted_if_its_document_and_filter_fit_the_limit(int bulky)
    {
        foreach (var (uid, cluster) in new[] { (1, ""), (9_000, "österreich-🦊") })
        {
            var documents = new Documents(new SnapshotHeader(new Scope("platform", "all", cluster), DateTimeOffset.UnixEpoch, None), mayAdopt: true);
            var filter = Written(writer => documents.Guarded(writer, "deployments", new string('u', uid)));
            var without = DocumentBytes(0);

            Assert.True(IsAccepted(Limits.MaxDocumentBytes - filter - (2 << 10)), "well below");
            Assert.False(IsAccepted(Limits.MaxDocumentBytes + 1), "one byte too many");

            bool IsAccepted(int bytes)
            {
                Assert.Equal(bytes, DocumentBytes(bytes - without));
                var accepted = Limits.Instance.ObjectionToRow(new Scope("platform", "all", cluster), RowOf(bytes - without)).IsNone;
                var merge = Written(writer => documents.Row(writer, RowOf(bytes - without), unlessEqual: true));
                Assert.True(!accepted || filter + merge <= MaxInternalBytes, $"a server refuses {filter + merge:N0} bytes");
                return accepted;
            }

            int DocumentBytes(int text) => Written(writer => documents.Row(writer, RowOf(text), unlessEqual: false));

            Row RowOf(int text) => new(
                "deployments",
                new string('u', uid),
                "shop",
                Encoding.UTF8.GetBytes($$"""{"n":{{Bulky[bulky]}},"t":"{{new string('t', text)}}"}"""),
                0);
        }
    }

    [Fact]
    public void An_item_that_grows_beyond_a_document_is_rejected_and_named()
    {
        var item = $$"""{"targetName":"t","uid":"u","kind":"Pod","name":"p","namespace":"shop","n":[1{{Repeat(",1", 1_400_000)}}]}""";
        var rejected = Assert.IsType<RowOrRejection.Rejected>(Read(item));
        Assert.Equal(("Pod shop/p (uid u)", Some(("t", "u"))), (rejected.Label, rejected.Identity));
        Assert.Matches("^has [0-9,]+ bytes as BSON and [0-9,]+ around them; a document of MongoDB holds 16,777,216$", rejected.Reason);
    }

    [Theory]
    [InlineData(98, true)]
    [InlineData(99, false)]
    public void A_payload_nests_100_levels_including_its_row(int arrays, bool accepted) =>
        Assert.Equal(accepted, Read($$"""{"targetName":"t","uid":"u","n":{{Repeat("[", arrays)}}{{Repeat("]", arrays)}}}""") is RowOrRejection.Accepted);

    [Theory]
    [InlineData("1234567890123456789012345678901234", true)]
    [InlineData("12345678901234567890123456789012345", false)]
    [InlineData("1e6144", true)]
    [InlineData("1e6145", false)]
    public void A_number_beyond_decimal128_rejects_its_item(string number, bool accepted) =>
        Assert.Equal(accepted, Read($$"""{"targetName":"t","uid":"u","n":[{"x":{{number}}}]}""") is RowOrRejection.Accepted);

    private static int Written(Action<BsonWriter> write)
    {
        var writer = new BsonWriter(Limits.MaxDocumentBytes);
        write(writer);
        return writer.Length;
    }

    private static RowOrRejection Read(string item) => ItemReader.Read(Encoding.UTF8.GetBytes(item), Rules, 1);

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
