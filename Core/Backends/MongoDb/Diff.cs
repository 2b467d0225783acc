using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The changes that provisioning may make. Closed: nothing that exists is altered.</summary>
internal abstract record MongoDbChange
{
    private MongoDbChange() { }

    /// <summary>The collection is missing and the mode is <c>ensure</c>.</summary>
    public sealed record CreateCollection(Namespace Collection) : MongoDbChange;

    /// <summary>No unique index on the identity, and the mode is <c>ensure</c>.</summary>
    public sealed record CreateIdentityIndex(Namespace Collection) : MongoDbChange;

    /// <summary>The ledger is missing, the mode is <c>ensure</c>, and the user may create and write it.</summary>
    public sealed record CreateLedger(Namespace Collection) : MongoDbChange;
}

/// <summary>A difference that prevents an export and that only an administrator can resolve. Closed.</summary>
internal abstract record Gap
{
    private Gap() { }

    /// <summary>A secondary does not accept writes.</summary>
    public sealed record ReadOnlyServer : Gap;

    /// <summary>Collection missing in mode <c>existing</c>.</summary>
    public sealed record CollectionMissing(Namespace Collection) : Gap;

    /// <summary>A view or a time series.</summary>
    public sealed record NotACollection(Namespace Collection, string Kind) : Gap;

    /// <summary>A collection of a fixed size loses its oldest documents.</summary>
    public sealed record Capped(Namespace Collection) : Gap;

    /// <summary>The collection takes different texts for equal.</summary>
    public sealed record Collated(Namespace Collection) : Gap;

    /// <summary>A TTL index deletes rows.</summary>
    public sealed record RowsExpire(Namespace Collection, string Index, long Seconds) : Gap;

    /// <summary>The user may not see the indexes.</summary>
    public sealed record CannotListIndexes(Namespace Collection) : Gap;

    /// <summary>No usable unique index exactly on the identity, in mode <c>existing</c>.</summary>
    /// <param name="Unusable">Indexes on the right fields that are not unique, or do not hold for every document.</param>
    public sealed record NoIdentityIndex(Namespace Collection, Seq<string> Unusable) : Gap;

    /// <summary>The wanted name belongs to an index on other fields (the server's answer would be 86).</summary>
    public sealed record IndexNameTaken(Namespace Collection, Seq<string> Keys) : Gap;

    /// <summary>An index on the same fields has other options (the server's answer would be 85).</summary>
    public sealed record IndexOptionsDiffer(Namespace Collection, string Index) : Gap;

    /// <summary>Actions that the user's roles do not grant.</summary>
    public sealed record MissingPrivileges(Namespace Collection, Seq<string> Actions) : Gap;
}

/// <summary>Wanted and observed state -> what to do, or every reason why nothing may be done.</summary>
internal static class Diff
{
    /// <summary>The actions that writing a collection takes.</summary>
    internal static readonly Seq<string> Writing = Seq("find", "insert", "update", "remove");

    /// <summary>Left: all gaps at once, nothing may be written. Right: the changes, empty when nothing is to do.</summary>
    public static Either<Seq<Gap>, Seq<MongoDbChange>> Between(Desired desired, Observed observed)
    {
        var changes = Changes(desired, observed);
        var gaps = Join(
            When(!observed.Writable, new Gap.ReadOnlyServer()),
            observed.Collection.Match(
                collection => CollectionGaps(desired, collection),
                () => When(desired.Mode == KollectDatabaseSinkMode.Existing, new Gap.CollectionMissing(desired.Collection))),
            PrivilegeGaps(desired, observed, changes));
        return gaps.IsEmpty ? changes : gaps;
    }

    /// <summary>The ledger that exports read and write; None = they work without one.</summary>
    public static Option<Namespace> UsableLedger(Desired desired, Observed observed) => desired.Ledger.Filter(ledger =>
        observed.Ledger.Exists(it => it.Kind == Replies.Collection && !it.Options.Exists(options => options.Capped)) && MayWrite(observed, ledger));

    /// <summary>The ledger that exports would use if somebody with more rights created it, or granted its use.</summary>
    public static Option<Namespace> MissingLedger(Desired desired, Observed observed) =>
        UsableLedger(desired, observed).IsSome || NewLedger(desired, observed).IsSome ? None : desired.Ledger;

    private static Option<Namespace> NewLedger(Desired desired, Observed observed) => desired.Ledger.Filter(ledger =>
        desired.Mode == KollectDatabaseSinkMode.Ensure
        && observed.Ledger.IsNone
        && MayWrite(observed, ledger)
        && observed.Allows(ledger, "createCollection"));

    private static bool MayWrite(Observed observed, Namespace collection) => Writing.ForAll(action => observed.Allows(collection, action));

    private static Seq<MongoDbChange> Changes(Desired desired, Observed observed)
    {
        if (desired.Mode == KollectDatabaseSinkMode.Existing)
            return Empty;
        var hasIndex = observed.Collection.Bind(it => it.Indexes).Exists(indexes => indexes.Exists(IsIdentity));
        return Join(
            RowChanges(desired, observed, hasIndex),
            NewLedger(desired, observed).Map(ledger => (MongoDbChange)new MongoDbChange.CreateLedger(ledger)).ToSeq());
    }

    private static Seq<MongoDbChange> RowChanges(Desired desired, Observed observed, bool hasIndex) =>
        Join(
            observed.Collection.IsNone ? Seq1<MongoDbChange>(new MongoDbChange.CreateCollection(desired.Collection)) : Empty,
            hasIndex ? Empty : Seq1<MongoDbChange>(new MongoDbChange.CreateIdentityIndex(desired.Collection)));

    private static Seq<Gap> CollectionGaps(Desired desired, ObservedCollection collection) => collection.Kind != Replies.Collection
        ? Seq1<Gap>(new Gap.NotACollection(desired.Collection, collection.Kind))
        : Join(
            When(collection.Options.Exists(it => it.Capped), new Gap.Capped(desired.Collection)),
            When(collection.Options.Exists(it => it.Collated), new Gap.Collated(desired.Collection)),
            collection.Indexes.Match(
                indexes => Join(indexes.Exists(IsIdentity) ? Empty : IndexGaps(desired, indexes), ExpiryGaps(desired, indexes)),
                () => Seq1<Gap>(new Gap.CannotListIndexes(desired.Collection))));

    // TTL indexes are on a single field, and act on dates only: exported_at is the one date of a row.
    private static Seq<Gap> ExpiryGaps(Desired desired, Seq<ObservedIndex> indexes) => indexes
        .Filter(index => index.Keys == Seq1("exported_at"))
        .Bind(index => index.ExpiresAfterSeconds.Map(seconds => (Gap)new Gap.RowsExpire(desired.Collection, index.Name, seconds)).ToSeq());

    private static Seq<Gap> IndexGaps(Desired desired, Seq<ObservedIndex> indexes)
    {
        var onIdentity = indexes.Filter(index => HasIdentityKeys(index));
        if (desired.Mode == KollectDatabaseSinkMode.Existing)
            return Seq1<Gap>(new Gap.NoIdentityIndex(desired.Collection, onIdentity.Map(index => index.Name)));

        // The server keeps one index per list of keys, in this order of fields, and one per name.
        var inTheWay = onIdentity.Filter(index => index.Keys == Columns.Identity && !index.Restricted);
        return Join(
            inTheWay.Map(index => (Gap)new Gap.IndexOptionsDiffer(desired.Collection, index.Name)),
            indexes
                .Filter(index => index.Name == Desired.IdentityIndex && !inTheWay.Contains(index))
                .Map(index => (Gap)new Gap.IndexNameTaken(desired.Collection, index.Keys)));
    }

    private static bool IsIdentity(ObservedIndex index) => index is { Unique: true, Restricted: false } && HasIdentityKeys(index);

    private static bool HasIdentityKeys(ObservedIndex index) =>
        index.Keys.OrderBy(key => key, StringComparer.Ordinal).SequenceEqual(Columns.Identity.OrderBy(key => key, StringComparer.Ordinal));

    private static Seq<Gap> PrivilegeGaps(Desired desired, Observed observed, Seq<MongoDbChange> changes)
    {
        var needed = Join(Writing, changes.Bind(change => change switch
        {
            MongoDbChange.CreateCollection => Seq1("createCollection"),
            MongoDbChange.CreateIdentityIndex => Seq1("createIndex"),
            _ => Seq<string>(),
        }));
        var missing = needed.Filter(action => !observed.Allows(desired.Collection, action));
        return When(!missing.IsEmpty, new Gap.MissingPrivileges(desired.Collection, missing));
    }

    private static Seq<Gap> When(bool condition, Gap gap) => condition ? Seq1(gap) : Empty;
}
