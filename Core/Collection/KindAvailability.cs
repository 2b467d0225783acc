namespace Kollect.Core.Collection;

/// <summary>The availability of a kind on the API server. Closed.</summary>
internal abstract record KindAvailability
{
    private KindAvailability() { }

    /// <summary>Without an answer that holds; None = no attempt has failed.</summary>
    public static KindAvailability WithoutAnswer(Option<Outage> outage, DateTimeOffset now) =>
        outage.Filter(it => it.IsLasting(now)).Match<KindAvailability>(it => new Unanswered(it), () => new Asking());

    /// <summary>The API server has not answered yet.</summary>
    public sealed record Asking : KindAvailability;

    /// <summary>The API server has not answered for too long, e.g. because the server behind an aggregated API is down.</summary>
    public sealed record Unanswered(Outage Outage) : KindAvailability;

    /// <summary>The API server does not serve the kind.</summary>
    public sealed record NotServed : KindAvailability;

    /// <summary>The API server serves the kind without the verbs list and watch.</summary>
    public sealed record NotListable : KindAvailability;

    /// <summary>The kind can be listed and watched, given permission.</summary>
    /// <param name="IsNamespaced">False = its objects belong to no namespace.</param>
    public sealed record Served(bool IsNamespaced = true) : KindAvailability;
}

/// <summary>Whether the labels of all namespaces are known. Closed.</summary>
internal abstract record NamespacesAvailability
{
    private NamespacesAvailability() { }

    /// <summary>The availability after some progress of their list and watch.</summary>
    public static NamespacesAvailability Of(WatchProgress progress) => (progress.Outage.Filter(_ => progress.Trouble.IsSome).Case, progress.HasListed) switch
    {
        (Outage { Cause: WatchTrouble.Forbidden }, _) => new Forbidden(),
        (Outage it, false) => new Unanswered(it),
        (_, true) => new Known(),
        _ => new Asking(),
    };

    /// <summary>Namespaces have not been listed yet.</summary>
    public sealed record Asking : NamespacesAvailability;

    /// <summary>Namespaces could never be listed, for too long.</summary>
    public sealed record Unanswered(Outage Outage) : NamespacesAvailability;

    /// <summary>The operator may not list namespaces.</summary>
    public sealed record Forbidden : NamespacesAvailability;

    /// <summary>The labels of all namespaces are known.</summary>
    public sealed record Known : NamespacesAvailability;
}
