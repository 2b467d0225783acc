using Kollect.Core.Failures;
using Kollect.Core.Formatting;

namespace Kollect.Core.Collection;

/// <summary>
/// What is known about the existing targets of one kind. While the kind itself is being removed, the API server deletes all targets first; then that no
/// target exists is no wish of anybody to delete rows.
/// </summary>
/// <param name="Kind"><c>KollectTarget</c> or <c>KollectClusterTarget</c>.</param>
/// <param name="Watch">Of their list and watch.</param>
/// <param name="GoneSince">The API server was found not to serve the kind, or to be removing it; None = it serves the kind.</param>
/// <param name="Deleted">Deleted targets whose rows stay until a time, by namespace and name.</param>
/// <param name="CheckedAt">When the API server was last found not to serve the kind; not read where it serves it.</param>
internal sealed record TargetSet(
    ResourceKind Kind,
    WatchProgress Watch,
    Option<DateTimeOffset> GoneSince,
    HashMap<string, DateTimeOffset> Deleted,
    DateTimeOffset CheckedAt = default)
{
    /// <summary>Nothing is known yet.</summary>
    public static TargetSet Unknown(ResourceKind kind) => new(kind, WatchProgress.Begun, None, default);

    /// <summary>A target was created, or exists again.</summary>
    public TargetSet Seen(string name) => this with { Watch = Watch.Resumed(), Deleted = Deleted.Remove(name) };

    /// <summary>A target was deleted.</summary>
    public TargetSet Gone(string name, DateTimeOffset now) => this with
    {
        Watch = Watch.Resumed(),
        Deleted = Deleted.AddOrUpdate(name, Deadline.After(now, GoneSince.IsSome ? Waits.ReturnedTargets : Waits.DeletedTarget).At),
    };

    /// <summary>All targets of one moment have been reported.</summary>
    public TargetSet Listed(DateTimeOffset now) => (this with { Watch = Watch.Listed() }).Checked(isServed: true, now);

    /// <summary>The list or watch was interrupted.</summary>
    public TargetSet Interrupted(WatchTrouble cause, string words, DateTimeOffset now)
    {
        var interrupted = this with { Watch = Watch.Interrupted(Kind, cause, words, now) };
        return cause == WatchTrouble.NotServed ? interrupted.Checked(isServed: false, now) : interrupted;
    }

    /// <summary>True = whether the API server serves the kind decides what happens to the rows of deleted targets.</summary>
    public bool NeedsCheck(DateTimeOffset now) => GoneSince.IsSome
        ? Deadline.After(CheckedAt, Waits.KindDiscovery).IsOver(now)
        : Deleted.Values.Exists(until => until <= now);

    /// <summary>The API server was asked whether it serves the kind, which includes that targets can be created.</summary>
    public TargetSet Checked(bool isServed, DateTimeOffset now) => (isServed, GoneSince.IsSome) switch
    {
        (false, _) => this with { GoneSince = GoneSince | now, CheckedAt = now },
        (true, true) => this with { GoneSince = None, CheckedAt = default, Deleted = Deleted.Map(_ => Deadline.After(now, Waits.ReturnedTargets).At) },
        (true, false) => this with { Deleted = Deleted.Filter(until => until > now) },
    };

    /// <summary>The same some time later: an outage has become a lasting one.</summary>
    public TargetSet At(DateTimeOffset now) => this with { Watch = Watch.At(Kind, now) };

    /// <summary>Why the set of targets is unknown; None = it is known, or was known until lately.</summary>
    public Option<string> WhyUnknown =>
        !Watch.HasListed ? Watch.Trouble.Match(it => it.Why, () => $"no {Kind.Kind} has been listed yet")
        : GoneSince.Map(since => $"the API server has not served {Kind} since {Times.Seconds(since)}; no row is changed until it does");
}
