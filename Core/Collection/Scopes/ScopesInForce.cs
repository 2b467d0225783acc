using Kollect.Core.Failures;
using Kollect.Core.Formatting;
using Kollect.Core.Kubernetes;

namespace Kollect.Core.Collection.Scopes;

/// <summary>
/// The scopes that limit the objects of one namespace, or the cluster-scoped ones. Of several scopes each one limits: another one never allows more.
/// Closed.
/// </summary>
internal abstract record ScopesInForce
{
    private const int MaxNamed = 5;

    private ScopesInForce() { }

    /// <summary>There is no scope, and nothing is limited.</summary>
    public static ScopesInForce None { get; } = new Known(Empty);

    /// <summary>The scopes have not been listed yet.</summary>
    public sealed record Asking : ScopesInForce;

    /// <summary>A limit is not known, so that nothing is allowed.</summary>
    /// <param name="Why">One line.</param>
    public sealed record Unreadable(string Why) : ScopesInForce;

    /// <summary>All limits are known.</summary>
    /// <param name="All">By name.</param>
    public sealed record Known(Seq<ScopeLimits> All) : ScopesInForce;

    /// <summary>The scopes after some progress of their list and watch.</summary>
    /// <param name="scopes">All that are known, in any order; Left = the problems of one that is invalid.</param>
    public static ScopesInForce Of(WatchProgress progress, Seq<(string Name, Either<Seq<Problem>, ScopeLimits> Limits)> scopes) =>
        (progress.Outage.Filter(_ => progress.Trouble.IsSome).Case, progress.HasListed) switch
        {
            (Outage { Cause: WatchTrouble.Forbidden } it, _) => new Unreadable(
                $"the operator may not list and watch scopes: {it.Words}; grant its service account the verbs list and watch on them"),
            (Outage { Cause: WatchTrouble.NotServed }, _) => None,
            (_, false) => new Asking(),
            _ => Of(scopes),
        };

    /// <summary>The scopes that there are.</summary>
    public static ScopesInForce Of(Seq<(string Name, Either<Seq<Problem>, ScopeLimits> Limits)> scopes)
    {
        var ordered = scopes.OrderBy(it => it.Name, StringComparer.Ordinal).ToArray().ToSeq();
        return ordered.Choose(it => it.Limits.Match(Right: _ => Option<string>.None, Left: problems => $"scope {it.Name} is invalid: {Words(problems)}"))
            is { IsEmpty: false } invalid
                ? new Unreadable(FirstFew.Of(invalid, MaxNamed))
                : new Known(ordered.Choose(it => it.Limits.ToOption()).Strict());
    }

    /// <summary>The limits of namespaces in a form that is equal where they are equal.</summary>
    public string NamespacesKey => this is Known { All: var limits }
        ? string.Join(';', limits.Filter(it => !it.Namespaces.IsEmpty || !it.DeniedNamespaces.IsEmpty)
            .Map(it => $"{string.Join(',', it.Namespaces)}!{string.Join(',', it.DeniedNamespaces)}"))
        : "";

    /// <summary>The shortest interval of exports; 0 = no limit.</summary>
    public TimeSpan MinExportInterval => Limits.Fold(TimeSpan.Zero, (longest, it) => it.MinExportInterval > longest ? it.MinExportInterval : longest);

    /// <summary>True = objects of the namespace may be collected.</summary>
    public bool AllowsNamespace(string name) => this is Known && Limits.ForAll(it => it.AllowsNamespace(name));

    /// <summary>What is denied to a target, as far as it names it.</summary>
    /// <param name="kind">None = its profile is not known.</param>
    public Seq<Problem> OfTarget(Target target, Option<ResourceKind> kind) => Whole(Join(
        target is Target.Cluster ? RefNamespace("spec.profileNamespace", target.Settings.Profile.Namespace) : Empty,
        kind.Map(it => Kind("spec.profileRef", it)).IfNone(Empty),
        NamesIn(target.Settings.Objects.Namespaces)));

    /// <summary>What is denied to the ref of an inventory.</summary>
    /// <param name="refNamespace">Of a cluster-scoped inventory; None = the sink is beside the inventory.</param>
    public Seq<Problem> OfSink(string path, string name, Option<string> refNamespace) => Whole(Join(
        refNamespace.Map(it => RefNamespace($"{path}.namespace", it)).IfNone(Empty),
        Denied(ScopeDenials.Sink, path, it => it.AllowsSink(name), it =>
            $"{name} is no sink of spec.databaseSinkRefs of {it}, which allows {FirstFew.Of(it.Sinks, MaxNamed, ", ")}; export to one of them")));

    /// <summary>What is denied to an interval; 0 repeats nothing, and is no short interval.</summary>
    public Seq<Problem> OfInterval(string path, TimeSpan interval) => interval <= TimeSpan.Zero ? Empty
        : Denied(ScopeDenials.Interval, path, it => interval >= it.MinExportInterval, it =>
            $"{GoDuration.Format(interval)} is shorter than {GoDuration.Format(it.MinExportInterval)}, spec.minExportInterval of {it}; set at least that");

    /// <summary>Namespaces that are selected, and of which the scopes leave none.</summary>
    public Seq<Problem> OfNothingLeft(Seq<string> selected) => selected.IsEmpty || selected.Exists(AllowsNamespace)
        ? Empty
        : Whole(Namespaces("spec.namespaceSelector", selected));

    private Seq<ScopeLimits> Limits => this is Known it ? it.All : Empty;

    private Seq<Problem> Kind(string path, ResourceKind kind) => Denied(ScopeDenials.Kind, path, it => it.AllowsKind(kind), it =>
        $"{kind} is not in spec.allowedGVKs of {it}, which allows {FirstFew.Of(it.Kinds.Map(allowed => $"{allowed}"), MaxNamed, ", ")}; collect one of them");

    private Seq<Problem> Namespaces(string path, Seq<string> names) =>
        Denied(ScopeDenials.Namespace, path, it => names.ForAll(it.AllowsNamespace), it =>
            $"{it} does not allow {FirstFew.Of(names.Filter(name => !it.AllowsNamespace(name)), MaxNamed, ", ")}{Allowed(it)}; select other namespaces");

    private Seq<Problem> NamesIn(NamespaceSelection selection) =>
        selection.Names(NamespaceGrants.NameLabel).Map(names => Namespaces(selection.Field, names)).IfNone(Empty);

    private Seq<Problem> RefNamespace(string path, string name) => Denied(ScopeDenials.RefNamespace, path, it => it.AllowsRefTo(name), it =>
        $"{name} is not in spec.allowedStaticRefNamespaces of {it}, which allows {FirstFew.Of(it.RefNamespaces, MaxNamed, ", ")}");

    private Seq<Problem> Denied(ScopeDenial denial, string path, Func<ScopeLimits, bool> allows, Func<ScopeLimits, string> words) =>
        Limits.Filter(it => !allows(it)).Map(it => new Problem(denial.Id, path, words(it))).Strict();

    /// <summary>Where a limit is not known, that alone.</summary>
    private Seq<Problem> Whole(Seq<Problem> found) => this is Unreadable it ? Seq1(new Problem(ScopeDenials.Unreadable.Id, "spec", it.Why)) : found;

    private static string Allowed(ScopeLimits scope) =>
        scope.Namespaces.IsEmpty ? "" : $" (it allows {FirstFew.Of(scope.Namespaces.Filter(scope.AllowsNamespace), MaxNamed, ", ")})";

    private static string Words(Seq<Problem> problems) => Condition.Summary("problem", problems);
}
