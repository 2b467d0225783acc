using System.Text;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class UpsertsTests
{
    private static readonly SnapshotHeader Header = new(
        new Scope("platform", "all", "east"), new DateTimeOffset(2026, 11, 23, 8, 30, 0, TimeSpan.Zero), None);

    private static readonly BulkAnswer Fine = BulkAnswer.OfNothing;

    private static Upserts Start() => new(new Documents(Header, mayAdopt: false), skipUnchanged: false);

    private static Row Row(string uid, string value) => new("deployments", uid, "shop", Encoding.UTF8.GetBytes($$"""{"value":"{{value}}"}"""), 0);

    [Fact]
    public void Overruled_writes_are_taken_out_of_a_batch()
    {
        var upserts = Start();
        foreach (var (uid, value) in new[] { ("a", "1"), ("b", "1"), ("a", "2"), ("c", "1"), ("a", "3") })
            upserts.Add(Row(uid, value));
        var batch = upserts.Take();
        batch.Remove([0, 2]);
        Assert.Equal(3, batch.Writes.Count);
        Assert.Contains("\"3\"", Document(batch, 2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_duplicate_key_is_retried_once_and_then_means_a_newer_row()
    {
        var upserts = Start();
        upserts.Add(Row("a", "1"));
        upserts.Add(Row("b", "1"));
        var batch = upserts.Take();
        var duplicate = Fine with { Refused = Seq1(new RefusedWrite(1, 11000, "E11000 duplicate key")) };

        var retry = Assert.IsType<AfterWrite.Again>(upserts.After(batch, duplicate, again: false)).Batch;
        Assert.Equal(Document(batch, 1), Document(retry, 0));
        Assert.True(upserts.Refused.IsNone);

        Assert.IsType<AfterWrite.Done>(upserts.After(retry, duplicate, again: true));
        Assert.True(upserts.Refused.IsSome);
    }

    [Fact]
    public void Any_other_refusal_ends_the_export()
    {
        var upserts = Start();
        upserts.Add(Row("a", "1"));
        var answer = Fine with { Refused = Seq1(new RefusedWrite(0, 121, "Document failed validation")) };
        Assert.IsType<AfterWrite.Failed>(upserts.After(upserts.Take(), answer, again: false));
    }

    private static string Document(WriteBatch batch, int index)
    {
        var piece = batch.Writes[index].Document;
        return BsonText.Of(batch.Buffer.Span.Slice(piece.Start, piece.Length));
    }
}
