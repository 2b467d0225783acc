using Kollect.Core.Collection;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>An export that wrote.</summary>
/// <param name="Of">The basis of the export, or of a later look that found no difference.</param>
/// <param name="Outcome">Of the whole snapshot, also where only a difference was sent.</param>
internal sealed record ExportSuccess(ExportBasis Of, DateTimeOffset At, ExportOutcome Outcome)
{
    /// <summary>The time of the snapshot that the rows were last written from: their newest <c>exported_at</c>. None = not known.</summary>
    public Option<DateTimeOffset> SnapshotTime { get; init; }

    /// <summary>What the destination records, as far as is known; None = only an export in full makes the rows certain.</summary>
    public Option<Fence> Fence { get; init; }

    /// <summary>What the destination holds; None = an earlier process exported it, or there is no <see cref="Fence"/>.</summary>
    public Option<SnapshotContent> Content { get; init; }

    /// <summary>Its items that cannot be stored, as far as this process knows them.</summary>
    public RejectedItems Rejected { get; init; } = RejectedItems.None;

    /// <summary>False = an earlier process exported items that cannot be stored.</summary>
    public bool KnowsRejected => Rejected.Count == Outcome.Rejected;

    /// <summary>When all rows were last sent and compared; None = not known.</summary>
    public Option<DateTimeOffset> ComparedAt { get; init; }

    /// <summary>After this time the next export is one in full.</summary>
    public Deadline ComparisonDue => Deadline.After(ComparedAt.IfNone(DateTimeOffset.MinValue), Waits.Comparisons);
}

/// <summary>An export that runs.</summary>
/// <param name="Of">The basis of the export.</param>
/// <param name="Content">The snapshot.</param>
/// <param name="SnapshotTime"><c>exported_at</c> of its rows: the time of its start, or just later than the snapshot at the destination.</param>
/// <param name="Started">The time of its start; it may still wait, for a slot or a lock.</param>
internal sealed record ExportAttempt(ExportBasis Of, ExportMethod Method, SnapshotContent Content, DateTimeOffset SnapshotTime, DateTimeOffset Started)
{
    /// <summary>True = afterwards every row is known to be as in the snapshot.</summary>
    public bool Verifies => Method is not ExportMethod.Changes { Looks: false };

    /// <summary>The record of its success. A look that found nothing is no export: it keeps what the last one counted.</summary>
    public ExportSuccess After(Option<ExportSuccess> before, ExportOutcome outcome, DateTimeOffset now) => Method switch
    {
        ExportMethod.Full => new ExportSuccess(Of, now, outcome) { ComparedAt = now },
        ExportMethod.Look when outcome is { Inserted: 0, Updated: 0, Deleted: 0, Adopted: 0 } && before.Case is ExportSuccess same =>
            same with { Outcome = same.Outcome with { TakenFrom = Empty } },
        _ => new ExportSuccess(Of, now, Whole(outcome)) { ComparedAt = before.Bind(it => it.ComparedAt) },
    };

    /// <summary>The time that the destination records; of an export that wrote nothing where it records none, that of the one before.</summary>
    public DateTimeOffset WrittenFrom(Option<ExportSuccess> before, ExportOutcome outcome, Option<Fence> fence) =>
        (fence.Map(it => it.ExportedAt)
            | before.Filter(_ => outcome is { Inserted: 0, Updated: 0, Deleted: 0, Adopted: 0 }).Bind(it => it.SnapshotTime)).IfNone(SnapshotTime);

    private ExportOutcome Whole(ExportOutcome sent) => sent with
    {
        Items = Content.Count,
        Unchanged = Math.Max(0, Content.Count - sent.Inserted - sent.Updated - sent.Adopted - sent.Rejected),
    };
}

/// <summary>An export that did not write.</summary>
/// <param name="Of">The basis of the export; None = an earlier process ran it.</param>
/// <param name="Message">One line, free of anything from a Secret.</param>
/// <param name="InARow">Failures since the last success, this one included; at least 1.</param>
/// <param name="Retry">The time of the next attempt; ignored after a refusal.</param>
internal sealed record ExportFailure(Option<ExportBasis> Of, FailureClass Class, string Message, int InARow, DateTimeOffset At, Deadline Retry)
{
    /// <summary>Of <see cref="InARow"/> the last ones in which the server was unreachable, or the last ones in which it was not.</summary>
    public int Alike { get; init; } = InARow;

    /// <summary>
    /// True = the ledger tells whether the destination still holds what it held before, and a difference on top of that is tried. A failure that a difference
    /// alone may have, a refusal or one that repeats, is followed by an export in full.
    /// </summary>
    public bool KeepsBasis => Of.IsSome && (Class == FailureClass.Unreachable || (Class == FailureClass.TryLater && Alike < MostOnBasis));

    private const int MostOnBasis = 3;
}

/// <summary>The class of a failed export.</summary>
internal enum FailureClass
{
    /// <summary>Transient: tried again after a growing wait.</summary>
    TryLater,

    /// <summary>Transient: the server cannot be reached. One export tries its sink every few seconds, whatever the number of inventories.</summary>
    Unreachable,

    /// <summary>Permanent: tried again when something has changed.</summary>
    Refused,

    /// <summary>The destination holds a newer snapshot: tried again, with a later time, after a wait that grows.</summary>
    Superseded,
}
