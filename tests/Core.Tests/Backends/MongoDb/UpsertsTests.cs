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
    public void An_identity_repeated_in_a_batch_replaces_the_earlier_write()
    {
        var upserts = Start();
        upserts.Add(Row("a", "1"));
        upserts.Add(Row("b", "1"));
        upserts.Add(Row("a", "2"));
        var batch = upserts.Take();
        Assert.Equal(2, batch.Firsts.Writes.Count);
        Assert.Empty(batch.Repeats.Writes);
        Assert.Contains("\"2\"", Document(batch.Firsts, 0), StringComparison.Ordinal);
        Assert.Equal(1, upserts.Counts.Duplicates);
    }

    [Fact]
    public void An_identity_of_an_earlier_batch_is_sent_after_the_others()
    {
        var upserts = Start();
        upserts.Add(Row("a", "1"));
        upserts.Take();
        upserts.Add(Row("a", "2"));
        upserts.Add(Row("b", "1"));
        upserts.Add(Row("a", "3"));
        var batch = upserts.Take();
        Assert.Single(batch.Firsts.Writes);
        Assert.Contains("\"3\"", Document(batch.Repeats, Assert.Single(batch.Repeats.Writes.Select((_, index) => index))), StringComparison.Ordinal);
        Assert.Equal(2, upserts.Counts.Duplicates);
    }

    [Fact]
    public void A_duplicate_key_is_retried_once_and_then_means_a_newer_row()
    {
        var upserts = Start();
        upserts.Add(Row("a", "1"));
        upserts.Add(Row("b", "1"));
        var batch = upserts.Take().Firsts;
        var duplicate = Fine with { Refused = Seq1(new RefusedWrite(1, 11000, "E11000 duplicate key")) };

        var retry = Assert.IsType<AfterWrite.Again>(upserts.After(batch, duplicate, repeats: false, again: false)).Batch;
        Assert.Equal(Document(batch, 1), Document(retry, 0));
        Assert.True(upserts.Refused.IsNone);

        Assert.IsType<AfterWrite.Done>(upserts.After(retry, duplicate, repeats: false, again: true));
        Assert.True(upserts.Refused.IsSome);
    }

    [Fact]
    public void Any_other_refusal_ends_the_export()
    {
        var upserts = Start();
        upserts.Add(Row("a", "1"));
        var answer = Fine with { Refused = Seq1(new RefusedWrite(0, 121, "Document failed validation")) };
        Assert.IsType<AfterWrite.Failed>(upserts.After(upserts.Take().Firsts, answer, repeats: false, again: false));
    }

    [Fact]
    public void A_kept_row_is_not_stale_and_rules_out_a_watermark()
    {
        var upserts = Start();
        Assert.Equal(0, upserts.Kept);
        upserts.Keep("deployments", "a");
        Assert.Equal(1, upserts.Kept);
        Assert.True(upserts.IsCurrent(new StoredIdentity("deployments", "a")));
        Assert.False(upserts.IsCurrent(new StoredIdentity("deployments", "b")));
    }

    private static string Document(WriteBatch batch, int index)
    {
        var piece = batch.Writes[index].Document;
        return BsonText.Of(batch.Buffer.Span.Slice(piece.Start, piece.Length));
    }
}
