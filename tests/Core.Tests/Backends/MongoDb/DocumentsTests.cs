using System.Text;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class DocumentsTests
{
    private static readonly SnapshotHeader Header = new(
        new Scope("platform", "all", "east"), new DateTimeOffset(2026, 11, 23, 8, 30, 0, TimeSpan.Zero), None);

    private static readonly Row Web = new(
        "deployments",
        "661b",
        "shop",
        Encoding.UTF8.GetBytes("""{"uid":"661b","kind":"Deployment","attributes":{"$set":{"a.b":1},"replicas":3}}"""),
        0);

    [Fact]
    public void Every_command_of_an_export_matches_its_golden()
    {
        var documents = new Documents(Header, mayAdopt: false);
        var adopting = new Documents(Header, mayAdopt: true);
        string[] lines =
        [
            "// inspect the scope, before the first write and after the last",
            $"db.runCommand({BsonText.Of(Documents.Inspect("items", Header.Scope).Span)})\n",
            "// each row",
            Show(Batch(WriteKind.Replace, documents)),
            "// each row, when other clusters have rows in this inventory",
            Show(Batch(WriteKind.Replace, adopting)),
            "// each row, with options.skip_unchanged",
            Show(Batch(WriteKind.Merge, documents)),
            "// with options.skip_unchanged, when nothing was written: one row carries the time of the snapshot",
            Show(documents.Touch()),
            "// stale rows",
            Show(documents.DeleteOlder()),
            "// stale rows, when their time does not identify them: read the identities of the scope, delete those that the snapshot lacks",
            $"db.items.find({BsonText.Of(documents.Scope.Span)}, {BsonText.Of(Documents.OnlyIdentities.Fields.Span)})"
                + $".batchSize({Documents.OnlyIdentities.BatchSize.IfNone(0)})",
            Show(Filled(batch => documents.DeleteStale(batch, "deployments", "661b"))),
            "// after a newer snapshot was written meanwhile: each row that this export inserted",
            Show(Filled(batch => documents.DeleteOwn(batch, new ObjectId(1, 2)))),
        ];
        Golden.Verify(string.Join('\n', lines), "mongodb/export.js");
    }

    [Fact]
    public void No_filter_lists_the_current_rows()
    {
        var text = BsonText.Of(Documents.Inspect("items", Header.Scope).Span) + Show(new Documents(Header, true).DeleteOlder());
        Assert.DoesNotContain("$nin", text, StringComparison.Ordinal);
        Assert.DoesNotContain("$nor", text, StringComparison.Ordinal);
    }

    private static WriteBatch Filled(Action<WriteBatch> fill)
    {
        var batch = new WriteBatch();
        fill(batch);
        return batch;
    }

    private static WriteBatch Batch(WriteKind kind, Documents documents)
    {
        var batch = new WriteBatch();
        batch.Add(batch.Make(
            kind,
            to => documents.Guarded(to, Web.TargetName, Web.SourceUid),
            to => documents.Row(to, Web, unlessEqual: kind == WriteKind.Merge)));
        return batch;
    }

    private static string Show(WriteBatch batch) => string.Concat(batch.Writes.Select(write =>
    {
        var filter = BsonText.Of(Piece(batch, write.Filter));
        const string options = "{ upsert: true }";
        return write.Kind switch
        {
            WriteKind.Replace => $"db.items.replaceOne(\n  {filter},\n  {BsonText.Of(Piece(batch, write.Document))},\n  {options})\n",
            WriteKind.Merge => $"db.items.updateOne(\n  {filter},\n  {BsonText.Of(Piece(batch, write.Document), isArray: true)},\n  {options})\n",
            WriteKind.Touch => $"db.items.updateOne(\n  {filter},\n  {BsonText.Of(Piece(batch, write.Document))})\n",
            WriteKind.DeleteOne => $"db.items.deleteOne({filter})\n",
            _ => $"db.items.deleteMany({filter})\n",
        };
    }));

    private static ReadOnlySpan<byte> Piece(WriteBatch batch, Piece piece) => batch.Buffer.Span.Slice(piece.Start, piece.Length);
}
