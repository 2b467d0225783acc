using System.Collections.Concurrent;
using Kollect.Core.Collection;
using Kollect.Operator.Kubernetes;

namespace Kollect.Operator.Collection;

/// <summary>The items that one target has collected. One task writes, any may read.</summary>
/// <param name="plan">The objects to collect, and the parts to keep of each.</param>
/// <param name="resource">The kind of the objects, as API paths name it.</param>
internal sealed class CollectedTarget(TargetPlan.Collect plan, Resource resource)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, ObjectProblem> problems = [];
    private readonly ConcurrentDictionary<string, bool> orphans = [];
    private readonly HeldItems held = new(plan.Target.Settings.Name);
    private volatile TargetItems items = TargetItems.None(plan.Target.Settings.Name);
    private volatile WatchProgress progress = WatchProgress.Begun;

    public TargetPlan.Collect Plan => plan;

    public Resource Resource => resource;

    /// <summary>Immutable; replaced when something changes. None until all objects have been listed for the first time.</summary>
    public TargetItems Items => items;

    /// <summary>The progress of the list and the watch.</summary>
    public WatchProgress Progress => progress;

    /// <summary>Problems of objects, by uid: why they lack something, or are no items at all.</summary>
    public IReadOnlyDictionary<string, ObjectProblem> Problems => problems;

    /// <summary>Whether an object of this namespace was read before the namespace itself was known.</summary>
    public bool IsMissing(string @namespace) => orphans.ContainsKey(@namespace);

    /// <summary>Adds or replaces an object.</summary>
    /// <param name="namespaces">A namespace by name; None = it is not known.</param>
    /// <returns>True = something changed.</returns>
    public bool Update(Change.Seen seen, Func<string, Option<KnownNamespace>> namespaces)
    {
        var isResumed = Resume();
        var extracted = Extraction.Item(plan, seen.Object, namespaces);
        if (extracted is Extracted.NamespaceUnknown unknown)
        {
            // The namespace may become known before it is added here; KnownNamespaces changes first, and reads this afterwards.
            orphans[unknown.Namespace] = true;
            extracted = Extraction.Item(plan, seen.Object, namespaces);
        }

        SetProblem(seen.Uid, extracted.Problem(seen.Name.ToString()));
        return Apply(seen.Uid, extracted) || isResumed;
    }

    /// <summary>Removes a deleted object. True = something changed.</summary>
    public bool Forget(string uid)
    {
        var isResumed = Resume();
        SetProblem(uid, None);
        return Show(held.Remove(uid)) || isResumed;
    }

    /// <summary>All objects of one moment have been read, and the deleted ones. True = something changed.</summary>
    public bool Listed()
    {
        items = held.Items;
        orphans.Clear();
        return Set(it => it.Listed());
    }

    /// <summary>The items held are not kept current for the time being. True = something changed.</summary>
    public bool Interrupted(WatchTrouble trouble, string words, DateTimeOffset now) =>
        Set(it => it.Interrupted(plan.Profile.Kind, trouble, words, now));

    /// <summary>Some time has passed. True = something changed.</summary>
    public bool Age(DateTimeOffset now) => Set(it => it.At(plan.Profile.Kind, now));

    private bool Resume() => Set(it => it.Resumed());

    /// <summary>Two tasks write: that of the watch, and the one that looks at the time. True = something changed that others can see.</summary>
    private bool Set(Func<WatchProgress, WatchProgress> change)
    {
        lock (gate)
        {
            var before = progress;
            progress = change(before);
            return progress.HasListed != before.HasListed || progress.Trouble != before.Trouble;
        }
    }

    private bool Apply(string uid, Extracted extracted) => extracted switch
    {
        Extracted.Collected it => Show(held.Add(it.Item, uid)),
        Extracted.NotIncluded => Show(held.Remove(uid)),
        _ => false, // what is held of it is the last that made sense
    };

    /// <summary>Shows what has changed. False = nothing, or the first list is not complete.</summary>
    private bool Show(bool isChanged)
    {
        if (!isChanged || !progress.HasListed)
            return false;
        items = held.Items;
        return true;
    }

    private void SetProblem(string uid, Option<ObjectProblem> problem) => problem.Match(
        it => problems[uid] = it,
        () => problems.TryRemove(uid, out _));
}
