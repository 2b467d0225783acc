using Kollect.Core.Failures;
using Kollect.Core.Kubernetes;
using Kollect.Core.Secrets;
using Kollect.Operator.Collection;
using Kollect.Operator.Kubernetes;
using Kollect.Shell;
using Kollect.Shell.Backends;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Backends.Postgres;

namespace Kollect.Operator;

/// <summary>Options of the controllers.</summary>
public sealed record OperatorOptions
{
    /// <summary>Watch only this namespace; empty = all.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Whether a sink may use a Secret of another namespace.</summary>
    public CrossNamespacePolicy CrossNamespaceSecrets { get; init; } = CrossNamespacePolicy.Granted;

    /// <summary>True = a <c>KollectTarget</c> collects from every namespace; false = from its own one, and from those that grant it.</summary>
    public bool TargetsAcrossNamespaces { get; init; }

    /// <summary>The backends of the sinks; a sink of another one is not ready, and its condition names the missing package.</summary>
    public IReadOnlyList<Backend> Backends { get; init; } = [PostgresBackend.Instance];

    /// <summary>The addresses that sinks may connect to.</summary>
    public DialPolicy Dial { get; init; } = new(AllowLoopback: false, DenyPrivate: false);

    /// <summary>
    /// The number of concurrent probes; sinks whose last probe failed have separate slots, a quarter as many. The sinks of one namespace have a quarter of
    /// either, unless <see cref="Namespace"/> is the only one.
    /// </summary>
    public int MaxConcurrentProbes { get; init; } = 64;

    /// <summary>
    /// The number of concurrent exports; sinks whose last export failed have separate slots, a quarter as many. The inventories of one namespace have a
    /// quarter of either, unless <see cref="Namespace"/> is the only one, and so have all cluster inventories together.
    /// </summary>
    public int MaxConcurrentExports { get; init; } = 16;

    /// <summary>
    /// The timeout of an export, which is then cancelled and retried later; waiting for a slot does not count. 1 s to 24 h; other values throw.
    /// </summary>
    public TimeSpan ExportTimeout
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromHours(24) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "the timeout of an export must lie between 1 s and 24 h");
    } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The interval at which the version of each Secret in use is read while its sinks work; sooner after a failed probe or export, or a requested probe.
    /// Each export reads its Secrets anyway. 2 s to 24 h; other values throw.
    /// </summary>
    public TimeSpan SecretInterval
    {
        get;
        init => field = value >= Waits.SecretPolls && value <= TimeSpan.FromHours(24) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "the interval of reading Secrets must lie between 2 s and 24 h");
    } = TimeSpan.FromSeconds(30);

    /// <summary>The timeout for removing the rows of a deleted inventory. Afterwards the rows stay and the object is released.</summary>
    public TimeSpan CleanupTimeout { get; init; } = Waits.Cleanup;

    /// <summary>The reporter of events and holder of the lease: the name of the pod.</summary>
    public string Instance { get; init; } = Environment.MachineName;

    /// <summary>Run only while holding a Lease; false = this is the only replica.</summary>
    public bool LeaderElection { get; init; } = true;

    /// <summary>The namespace of the Lease; empty = the namespace of the operator itself.</summary>
    public string LeaseNamespace { get; init; } = "";

    /// <summary>
    /// The number of shards that the replicas share: each shard has a Lease, and each replica holds as many as the others, or one more. 1 = one replica
    /// does all the work. The same for all replicas; 1 to 64; other values throw. Without <see cref="LeaderElection"/> it has no effect.
    /// </summary>
    public int Shards
    {
        get;
        init => field = value is >= 1 and <= Shard.MaxCount ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "the number of shards must lie between 1 and 64");
    } = 1;

    /// <summary>True = more than one namespace is served, so that none of them may occupy what they share.</summary>
    internal bool HasTenants => Namespace.Length == 0;

    internal BackendSet BackendSet => new(Backends, new DialGuard(Dial));

    /// <summary>The options of collecting.</summary>
    internal CollectionOptions Collection => new(Namespace, Reporter, TargetsAcrossNamespaces);

    /// <summary>Reports events.</summary>
    internal EventReporter Reporter => new(Instance, LeaseNamespace);

    /// <summary>Name of the Lease of a single shard; the names of several begin with it: <c>kollect-operator-0-of-3</c>.</summary>
    public string LeaseName { get; init; } = "kollect-operator";
}
