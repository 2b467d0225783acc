using Kollect.Core.Secrets;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Sinks;

/// <summary>The part of a sink that does not depend on its backend.</summary>
/// <param name="Mode">Whether the sink may create missing objects.</param>
/// <param name="NamingTemplate">None = the table or collection of the backend block.</param>
/// <param name="Options">Driver and server tuning, by name; options of Kollect itself are in the fields below.</param>
/// <param name="SkipUnchanged"><c>options.skip_unchanged</c>: equal rows are not rewritten. None = not set: see <see cref="SkipsUnchanged"/>.</param>
/// <param name="ExportMinInterval">None = not set here.</param>
/// <param name="ConnectionTest">Probe on create and update.</param>
/// <param name="Cluster">Labels the rows and scopes every delete; empty = one unnamed cluster.</param>
/// <param name="Credentials">None = what the connection string says.</param>
internal sealed record SinkSettings(
    string Namespace,
    string Name,
    KollectDatabaseSinkMode Mode,
    Option<string> NamingTemplate,
    HashMap<string, string> Options,
    Option<bool> SkipUnchanged,
    Option<TimeSpan> ExportMinInterval,
    bool ConnectionTest,
    string Cluster,
    TlsSettings Tls,
    Option<SecretRef> Credentials)
{
    /// <summary><c>options.ledger</c> and <c>options.ledger_keep</c>; without meaning where the backend keeps none.</summary>
    public LedgerSettings Ledger { get; init; } = LedgerSettings.Default;

    /// <summary><c>options.history</c> and <c>options.history_keep</c>; without meaning where the backend keeps none.</summary>
    public HistorySettings History { get; init; } = HistorySettings.Default;

    /// <summary>Equal rows are not rewritten. A history implies that: otherwise every export would end a version of every row.</summary>
    /// <param name="hasLedger">A ledger holds the time of the snapshot, so that no row must.</param>
    public bool SkipsUnchanged(bool hasLedger) => History.IsKept || SkipUnchanged.IfNone(hasLedger);

    /// <summary>The options by name, the same in every process.</summary>
    public Seq<(string Name, string Value)> OrderedOptions =>
        Options.AsEnumerable().Select(it => (it.Key, it.Value)).OrderBy(it => it.Key, StringComparer.Ordinal).ToArray().ToSeq();
}

/// <summary>The ledger beside the destination: a row for each export that changed something or was refused.</summary>
/// <param name="IsKept">False = <c>options.ledger: "false"</c>: none is created, read or written.</param>
/// <param name="Keep">Older entries are deleted, except for the newest one of a scope.</param>
internal sealed record LedgerSettings(bool IsKept, TimeSpan Keep)
{
    /// <summary>Kept for 90 days.</summary>
    public static LedgerSettings Default { get; } = new(IsKept: true, TimeSpan.FromDays(90));
}

/// <summary>The history beside the destination: the versions of rows that exports have overwritten or deleted.</summary>
/// <param name="IsKept">True = <c>options.history: "true"</c>.</param>
/// <param name="Keep">Versions that ended before are deleted; None = they are kept for ever.</param>
internal sealed record HistorySettings(bool IsKept, Option<TimeSpan> Keep)
{
    /// <summary>None is kept.</summary>
    public static HistorySettings Default { get; } = new(IsKept: false, None);
}

/// <summary><c>spec.tls</c>. At most one of the two CA sources is set.</summary>
/// <param name="CaBundle">PEM text.</param>
/// <param name="CaSecret">A Secret with <c>ca.crt</c>, <c>tls.crt</c> or <c>ca.pem</c>.</param>
/// <param name="InsecureSkipVerify">Encrypts, but believes any certificate.</param>
internal sealed record TlsSettings(Option<string> CaBundle, Option<SecretRef> CaSecret, bool InsecureSkipVerify)
{
    /// <summary>Each Secret that it names.</summary>
    public Seq<SecretRef> Secrets => CaSecret.ToSeq();
}
