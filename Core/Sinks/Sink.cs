using Kollect.Core.Models.V1Alpha1;
using Kollect.Core.Secrets;

namespace Kollect.Core.Sinks;

/// <summary>
/// A <c>KollectDatabaseSink</c> that is valid by construction: strings are trimmed, defaults filled in, exactly one backend.
/// Past this type nobody checks a block for null. Closed: each backend's folder has its case, and its members are all that other layers need of a backend.
/// </summary>
public abstract record Sink
{
    private protected Sink(SinkSettings settings) => Settings = settings;

    /// <summary>What all backends have in common.</summary>
    public SinkSettings Settings { get; init; }

    /// <summary>As its documentation writes it: <c>PostgreSQL</c>.</summary>
    public abstract string BackendName { get; }

    /// <summary>Where its rows go; the table is the one of the backend's block, see <see cref="Naming.LocationOf"/>.</summary>
    public abstract TableLocation Location { get; }

    /// <summary>The Secret that the backend's block names. None = the process's own credentials.</summary>
    public abstract Option<SecretRef> ConnectionSecret { get; }

    /// <summary>Each Secret that the sink names, once, in a stable order.</summary>
    public Seq<SecretRef> Secrets => Join(ConnectionSecret.ToSeq(), Settings.Credentials.ToSeq(), Settings.Tls.Secrets).Distinct().ToSeq().Strict();

    /// <summary>Why a name cannot be a table or collection of this backend; None = it can.</summary>
    public abstract Option<string> TableNameProblem(string table);

    /// <summary>
    /// Tells its server from others: hosts, ports and database, in one order and case. Two names of one server are two identities. None = the Secrets do
    /// not tell, and nobody can connect by them either.
    /// </summary>
    /// <param name="find">Gives a Secret by name; None = there is none.</param>
    public abstract Option<SecretText> ServerIdentity(Func<SecretRef, Option<SecretData>> find);

    /// <summary>What of a Secret no text may show, found without knowing whether the Secret is usable at all.</summary>
    public abstract Seq<SecretText> SecretParts(SecretData secret);

    /// <summary>Every statement that the sink may come to run, or that an administrator has to run in mode <c>existing</c>; no server is asked.</summary>
    /// <param name="at">May have the naming template itself for a table, where there is no inventory to render it for.</param>
    public abstract Seq<Statement> OfflinePlan(TableLocation at);

    /// <summary>The backend's block of <c>status.preview</c>, and nothing else of it.</summary>
    /// <param name="at">As for <see cref="OfflinePlan"/>.</param>
    public abstract KollectDatabaseSinkStatusPreview Preview(TableLocation at);

    /// <summary>
    /// The sink as it was when its rows went to <paramref name="at"/>: the same connection, that table and label; nothing is created on the way to rows
    /// that leave. None = it is of another type now, so that nothing leads there any more.
    /// </summary>
    public Option<Sink> At(TableLocation at) => at.Backend == Location.Backend
        ? MovedTo(at, Settings with { NamingTemplate = None, Cluster = at.Cluster, Mode = ProvisioningMode.Existing })
        : None;

    /// <summary>None = no sink of this backend could ever have written there.</summary>
    private protected abstract Option<Sink> MovedTo(TableLocation at, SinkSettings settings);
}
