using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Exports;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>
/// Computes the counts of an export from the existing rows and those of the snapshot. Uses about 100 bytes of memory for each row of both.
/// </summary>
internal sealed class DryRun(ExportPlan plan)
{
    private readonly Dictionary<UInt128, Stored> stored = [];
    private readonly Dictionary<UInt128, UInt128> written = [];
    private readonly System.Collections.Generic.HashSet<UInt128> kept = [];
    private readonly Documents documents = new(plan.Header, mayAdopt: false);
    private readonly BsonWriter scratch = new();
    private long duplicates;

    private readonly record struct Stored(bool Foreign, UInt128 Content);

    /// <summary>A row that is there, found with <see cref="Documents.WholeRows"/>.</summary>
    public void Found(ReadOnlySpan<byte> document)
    {
        var row = StoredRow.Read(document);
        stored[IdentityFingerprint.Of(row.Identity.TargetName, row.Identity.SourceUid)] =
            new Stored(row.Cluster != plan.Header.Scope.Cluster, row.Content);
    }

    /// <summary>A row of the snapshot.</summary>
    public void Add(Row row)
    {
        scratch.Clear();
        documents.Row(scratch, row, unlessEqual: false);
        var fingerprint = IdentityFingerprint.Of(row.TargetName, row.SourceUid);
        if (written.ContainsKey(fingerprint))
            duplicates++;
        written[fingerprint] = StoredRow.Read(scratch.Written.Span).Content;
    }

    /// <summary>The row of a rejected item, if there is one, is not stale.</summary>
    public void Keep(string targetName, string sourceUid) => kept.Add(IdentityFingerprint.Of(targetName, sourceUid));

    /// <summary>The counts of a real export.</summary>
    public ExportOutcome Tally(SnapshotCounts read)
    {
        long inserted = 0, updated = 0, adopted = 0;
        foreach (var (identity, content) in written)
            if (!stored.TryGetValue(identity, out var old))
                inserted++;
            else if (old.Foreign)
                adopted++;
            else if (!plan.SkipUnchanged || old.Content != content)
                updated++;

        var deleted = read.ShowsWhatIsStale
            ? stored.LongCount(row => !row.Value.Foreign && !written.ContainsKey(row.Key) && !kept.Contains(row.Key))
            : 0;
        return ExportPlan.Outcome(read, inserted, updated, adopted, duplicates, deleted);
    }
}
