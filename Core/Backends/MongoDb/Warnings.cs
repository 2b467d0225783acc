namespace Kollect.Core.Backends.MongoDb;

/// <summary>Properties of a collection with which exports work, but not always. A probe and a plan show them.</summary>
internal static class Warnings
{
    /// <summary>One line each: the property, and what removes it.</summary>
    public static Seq<string> Of(Desired desired, Observed observed) => Join(
        observed.Collection.Filter(it => it.Kind == Replies.Collection).Map(it => All(desired.Collection, it)).IfNone(Seq<string>()),
        Diff.MissingLedger(desired, observed).Map(NoLedger).ToSeq());

    private static string NoLedger(Namespace ledger) =>
        $"warning: no ledger {ledger}: every export reads and compares all rows — options.ledger: \"false\", or, as an administrator:\n"
        + Render.LedgerScript(ledger);

    private static Seq<string> All(Namespace name, ObservedCollection collection) => Join(
        When(
            collection.Options.IsNone,
            $"warning: the user may not see the options of {name} (listCollections), so nobody can tell whether it is capped or has a collation"),
        When(
            collection.Options.Exists(it => it.Validated),
            $"warning: a validator of {name} refuses documents: an export fails (121) where a row breaks it — collMod with validationAction: \"warn\""),
        collection.Indexes.IfNone(Seq<ObservedIndex>())
            .Filter(index => index.Unique && !Columns.Identity.ForAll(field => index.Keys.Contains(field)))
            .Map(index => $"warning: unique index {index.Name} of {name} on ({string.Join(", ", index.Keys)}): an export fails (11000) "
                + "where two rows agree in it — drop it"));

    private static Seq<string> When(bool condition, string warning) => condition ? Seq1(warning) : Empty;
}
