using Kollect.Core.Secrets;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Sinks;

/// <summary>
/// A <c>KollectDatabaseSink</c> that is valid by construction: strings are trimmed, defaults filled in, exactly one backend.
/// Later code does not check a block for null. Closed: each backend's folder has its case, and other layers use a backend only through these members.
/// </summary>
internal abstract record Sink
{
    private protected Sink(SinkSettings settings) => Settings = settings;

    /// <summary>The settings that all backends share.</summary>
    public SinkSettings Settings { get; init; }

    /// <summary>The name of the backend in its documentation: <c>PostgreSQL</c>.</summary>
    public abstract string BackendName { get; }

    /// <summary>The location of its rows; the table is that of the backend's block, see <see cref="Naming.LocationOf"/>.</summary>
    public abstract TableLocation Location { get; }

    /// <summary>The Secret that the backend's block names. None = the process's own credentials.</summary>
    public abstract Option<SecretRef> ConnectionSecret { get; }

    /// <summary>Exports of different inventories into one table run at the same time; false = one after the other.</summary>
    public virtual bool InventoriesShareATable => true;

    /// <summary>Each Secret that the sink names, once, in a stable order.</summary>
    public Seq<SecretRef> Secrets => Join(ConnectionSecret.ToSeq(), Settings.Credentials.ToSeq(), Settings.Tls.Secrets).Distinct().ToSeq().Strict();

    /// <summary>Why a name cannot be a table or collection of this backend; None = it can.</summary>
    public abstract Option<string> TableNameProblem(string table);

    /// <summary>
    /// The identity of its server: hosts, ports and database, in one order and case. Two names of one server are two identities. None = the
    /// Secrets do not name a server, and a connection is not possible.
    /// </summary>
    /// <param name="find">Returns a Secret by name; None = it does not exist.</param>
    public abstract Option<SecretText> ServerIdentity(Func<SecretRef, Option<SecretData>> find);

    /// <summary>The parts of a Secret that no text may show, even if the Secret is not usable.</summary>
    public abstract Seq<SecretText> SecretParts(SecretData secret);

    /// <summary>
    /// Why the content of a Secret of another namespace must not be sent where the sink itself directs it, even if the owner has granted the Secret.
    /// None = it may, or the Secret says itself where its content goes.
    /// </summary>
    /// <param name="data">None = not read; then only what the sink says is judged, and the objection is the same for every Secret.</param>
    public virtual Option<string> ObjectionToForeign(SecretRef secret, Option<SecretData> data) => None;

    /// <summary>Every statement that the sink may run, or an administrator must run in mode <c>existing</c>; no server is contacted.</summary>
    /// <param name="at">May have the naming template itself for a table, where there is no inventory to render it for.</param>
    public abstract Seq<Statement> OfflinePlan(TableLocation at);

    /// <summary>The statements that make the views of targets; no server is contacted.</summary>
    /// <param name="at">The table that the views read.</param>
    public abstract Seq<ViewPlan> OfflineViews(TableLocation at, Seq<TargetView> views);

    /// <summary>The backend's block of <c>status.preview</c>, and nothing else of it.</summary>
    /// <param name="at">As for <see cref="OfflinePlan"/>.</param>
    public abstract KollectDatabaseSinkStatusPreview Preview(TableLocation at);

    /// <summary>
    /// The sink as it was when its rows went to <paramref name="at"/>: the same connection, that table and label; nothing is created for rows
    /// that are removed. None = the sink has another type now and no longer reaches the location.
    /// </summary>
    public Option<Sink> At(TableLocation at) => at.Backend == Location.Backend
        ? MovedTo(at, Settings with { NamingTemplate = None, Cluster = at.Cluster, Mode = KollectDatabaseSinkMode.Existing })
        : None;

    /// <summary>None = no sink of this backend can have written there.</summary>
    private protected abstract Option<Sink> MovedTo(TableLocation at, SinkSettings settings);
}
