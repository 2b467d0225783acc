namespace Kollect.Operator.Telemetry;

/// <summary>Event ids of the log, each used by one message. An id keeps its meaning: a removed id is not assigned again.</summary>
/// <remarks>101 to 199: <c>Kubernetes/</c>; 201 to 299: <c>Collection/</c>; 301 to 399: <c>Operator/</c>; 401 to 499: the program <c>kollect</c>.</remarks>
internal static class LogEvents
{
    /// <summary>A watch cannot be resumed; its objects are listed again.</summary>
    public const int WatchRelisted = 101;

    /// <summary>A list or watch failed and is retried.</summary>
    public const int WatchInterrupted = 102;

    /// <summary>An Event about an object: the same reason and note as in the cluster.</summary>
    public const int EventRecorded = 111;

    /// <summary>An Event could not be written to the cluster; it is not retried.</summary>
    public const int EventNotRecorded = 112;

    /// <summary>This process became the leader.</summary>
    public const int LeaderElected = 121;

    /// <summary>This process released the Lease.</summary>
    public const int LeaseReleased = 122;

    /// <summary>Another process holds the Lease now.</summary>
    public const int LeadershipLost = 123;

    /// <summary>The Lease was not renewed before its deadline.</summary>
    public const int LeaseNotRenewed = 124;

    /// <summary>One attempt to take or renew the Lease failed.</summary>
    public const int LeaseNotHeld = 125;

    /// <summary>The Lease was not released at the end of a term.</summary>
    public const int LeaseNotReleased = 126;

    /// <summary>The Leases of all shards could not be listed.</summary>
    public const int LeasesNotListed = 127;

    /// <summary>A replica with another number of shards holds a Lease; this one waits.</summary>
    public const int OtherShardCount = 128;

    /// <summary>This process gives a shard to one that holds fewer.</summary>
    public const int ShardGivenAway = 129;

    /// <summary>A shard could not be requested of its holder; the request is retried.</summary>
    public const int ShardNotRequested = 130;

    /// <summary>A reconcile failed because of the API server and is retried.</summary>
    public const int ReconcileFailed = 131;

    /// <summary>A reconcile ended by an unexpected exception and is retried.</summary>
    public const int ReconcileDefect = 132;

    /// <summary>The Lease of a shard cannot be read; nobody works in the shard until it is deleted.</summary>
    public const int LeaseDamaged = 133;

    /// <summary>The kinds of a group and version could not be listed; the request is retried.</summary>
    public const int DiscoveryFailed = 201;

    /// <summary>Collecting a kind ended by an unexpected exception and is retried.</summary>
    public const int CollectionDefect = 202;

    /// <summary>Whether the kinds of targets are still served could not be asked; the request is retried.</summary>
    public const int TargetKindsUnknown = 203;

    /// <summary>An export or removal ended by an unexpected exception.</summary>
    public const int ExportDefect = 301;

    /// <summary>An export or removal ended, with its result.</summary>
    public const int ExportEnded = 302;

    /// <summary>A destination did not hold what a difference was based on; everything was exported.</summary>
    public const int BasisLost = 304;

    /// <summary>A Secret in use could not be read.</summary>
    public const int SecretNotRead = 303;

    /// <summary>The webhook serves a new certificate.</summary>
    public const int WebhookCertificateLoaded = 401;

    /// <summary>The files of the webhook's certificate cannot be used.</summary>
    public const int WebhookCertificateUnusable = 402;

    /// <summary>The webhook serves a new certificate that the operator has issued.</summary>
    public const int WebhookCertificateIssued = 403;

    /// <summary>The certificate that the operator issues cannot be written or published yet; this is retried.</summary>
    public const int WebhookCertificateDelayed = 404;
}
