using System.Globalization;
using Kollect.Core.Exports;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The steps of a plan in their order: desired, observed, diff, render.</summary>
internal static class Plan
{
    /// <summary>The state that the sink requires at <paramref name="at"/>.</summary>
    public static Desired Desire(MongoDbSink sink, TableLocation at)
    {
        var collection = new Namespace(at.Container, at.Table);
        var ledger = Ledger.Of(collection);
        return new Desired(collection, sink.Settings.Mode)
        {
            Ledger = sink.Settings.Ledger.IsKept && ledger != collection ? Some(ledger) : None,
        };
    }

    /// <summary>Exports leave equal rows alone.</summary>
    public static bool SkipsUnchanged(MongoDbSink sink, Desired desired, Observed observed) =>
        sink.Settings.SkipsUnchanged(Diff.MissingLedger(desired, observed).IsNone && desired.Ledger.IsSome);

    /// <summary>The changes or gaps for the state <paramref name="observed"/>.</summary>
    public static ProvisioningPlan Provision(Desired desired, Observed observed) =>
        Diff.Between(desired, observed).Match<ProvisioningPlan>(
            Right: changes => new ProvisioningPlan.Ready(changes.Map(Render.Change)),
            Left: gaps => new ProvisioningPlan.Refused(gaps.Map(Render.Explain)));

    /// <summary>The statements and the volume of an export.</summary>
    public static ExportPreview Preview(MongoDbSink sink, Desired desired, Observed observed) => new(
        Empty, Join(Remarks(sink, desired, observed), Warnings.Of(desired, observed)));

    private static Seq<string> Remarks(MongoDbSink sink, Desired desired, Observed observed)
    {
        var skips = SkipsUnchanged(sink, desired, observed);
        return Seq(
            string.Create(
                CultureInfo.InvariantCulture,
                $"sends: the payloads as BSON and about {RowBytes(skips):N0} bytes more for each item, "
                + $"in unordered bulks of at most {WriteBatch.EnoughBytes >> 20} MiB: "
                + $"{ExportPreview.TypicalItems:N0} items of {ExportPreview.TypicalPayload:N0} bytes are some "
                + $"{ExportPreview.TypicalItems * (ExportPreview.TypicalPayload + RowBytes(skips)) / 1e6:F1} MB"),
            skips
                ? "reads: the identities of the scope, to find the stale ones"
                : "reads: nothing but counts; stale rows are found by their time");
    }

    // Names, lengths and the identity twice, in filter and document; with skip_unchanged the pipeline around it.
    private static int RowBytes(bool skipsUnchanged) => skipsUnchanged ? 800 : 480;

    /// <summary>The answer of <c>plan --offline</c>, as a script for <c>mongosh</c>.</summary>
    public static Statement Offline(Desired desired) =>
        new(Render.Script(desired.Collection, desired.Ledger), desired.Mode == KollectDatabaseSinkMode.Existing
            ? $"mode existing: collection {desired.Collection} and a unique index on the identity must exist; they are checked, never created"
            : $"mode ensure: collection {desired.Collection} and its unique index {Desired.IdentityIndex} are created like this when missing");
}
