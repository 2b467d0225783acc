using Kollect.Core.Failures;
using Kollect.Core.Formatting;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary><c>exportMinInterval</c>: after this time unchanged content is exported again, to repair changes made to the rows by other writers.</summary>
internal sealed record ExportInterval
{
    /// <summary>The default, 30 s.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    /// <summary>The limit of the CRDs.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private ExportInterval(TimeSpan length) => Length = length;

    /// <summary>0 s to 24 h, counted from the end of an export.</summary>
    public TimeSpan Length { get; }

    /// <summary><c>0s</c>: content that has not changed is never exported again.</summary>
    public bool ChangesOnly => Length == TimeSpan.Zero;

    /// <summary>A refused export may succeed with other content, but most do not: new content alone tries once in this time.</summary>
    public TimeSpan BetweenRefusals => ChangesOnly ? Default : Length;

    /// <summary>
    /// An export that has not ended by then is reported: longer than the interval, and longer than an export of a large snapshot usually takes.
    /// </summary>
    /// <param name="started">The time of its start.</param>
    public Deadline Overdue(DateTimeOffset started) => Deadline.After(started, Length > Waits.BeforeOutage ? Length : Waits.BeforeOutage);

    /// <summary>The interval of the ref, else of the sink, else of the inventory, else 30 s.</summary>
    /// <param name="ofRef">None = not set there. Outside of 0 s to 24 h, which admission refuses, the nearer end counts.</param>
    /// <param name="ofSink">Likewise.</param>
    /// <param name="ofInventory">Likewise.</param>
    public static ExportInterval Of(Option<TimeSpan> ofRef, Option<TimeSpan> ofSink, Option<TimeSpan> ofInventory)
    {
        var length = (ofRef | ofSink | ofInventory).IfNone(Default);
        return new ExportInterval(length < TimeSpan.Zero ? TimeSpan.Zero : length > Longest ? Longest : length);
    }

    /// <summary>The interval, or the shortest one that a scope allows; changes only is no short interval.</summary>
    public ExportInterval AtLeast(TimeSpan shortest) => ChangesOnly || Length >= shortest ? this : new ExportInterval(shortest);

    /// <summary>The form of a manifest: <c>30s</c>.</summary>
    public override string ToString() => GoDuration.Format(Length);
}
