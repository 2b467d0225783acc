using Kollect.Core.Failures;
using static Kollect.Core.Backends.ErrorEntry;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// The class and the remedy of each error of BigQuery: some messages first, then the reason, then the HTTP status (BigQuery,
/// "Error messages").
/// </summary>
internal static class Errors
{
    private static readonly TimeSpan Soon = Waits.Soon;
    private static readonly TimeSpan Later = Waits.Quota;

    private static readonly NetworkWords Words = new(
        Unconfirmed: "the job may have run: the same export asks for it again and does not run it twice",
        Broken: "nothing was written",
        Host: "spec.endpoint",
        NotOurServer: Check,
        TimedOut: "look for a firewall or a proxy between this machine and BigQuery",
        Tls: "check spec.tls and the certificate of spec.endpoint",
        Authentication: "give a service account key in spec.bigquery.secretRef, or set up Application Default Credentials");

    private const string Check = "check spec.endpoint; is this BigQuery?";

    private const string Contention = "words of contention";

    /// <summary>Words within a message that mean "again" whatever the reason is.</summary>
    private static readonly string[] WordsOfContention =
    [
        "Could not serialize access", "Transaction is aborted due to concurrent update", "Too many DML statements outstanding",
    ];

    /// <summary>All known errors, by reason, then by status.</summary>
    public static ErrorTable Table { get; } = new(
        Entries: Seq(
            Refuse(TooLargeCode, "an answer without an end", Check),
            Refuse(UnreadableCode, "an answer of something else", Check),
            Refuse(
                RedirectCode,
                "an answer that names another address",
                "write the address that answers into spec.endpoint, or into token_uri of the key; a redirect is not followed: its target would get the token"),
            Refuse("accessDenied", "no permission", "grant the account roles/bigquery.dataEditor on the dataset and roles/bigquery.jobUser on the project"),
            RefuseLogin("authError", "not logged in", "correct the service account key in the Secret"),
            Try("backendError", "the service had a problem", Soon, "it is tried again"),
            Refuse("billingNotEnabled", "no billing", "enable billing for the project"),
            Refuse("billingTierLimitExceeded", "too much computation", "raise the billing tier of the project"),
            Refuse("blocked", "denied for a while", "ask Google's support about the project"),
            Refuse("bytesBilledLimitExceeded", "dearer than allowed", "raise or remove options.maximum_bytes_billed (bytes)"),
            Refuse("duplicate", "already there", "it is there: nothing to do"),
            Refuse("invalid", "a wrong value", "compare the table with what the preflight names"),
            Refuse("invalidQuery", "a wrong statement", "compare the table with what the preflight names"),
            Refuse("invalidUser", "no such user", "correct the service account"),
            Try("internalError", "the service had a problem", Soon, "it is tried again"),
            RefuseLogin(
                "invalid_grant",
                "the key is not accepted",
                "create a new key for the service account and put it into the Secret; is this machine's clock right?"),
            RefuseLogin("invalid_key", "the key is damaged", "put the key into the Secret as the console downloads it"),
            Try("jobBackendError", "the job met a problem of the service", Soon, "it is tried again"),
            Try("jobInternalError", "the job met a problem of the service", Soon, "it is tried again"),
            Try("jobRateLimitExceeded", "too many jobs at once", Later, "it is tried again"),
            RefuseLogin(NoTokenCode, "an answer without a token", "correct token_uri in credentials.json; download the key again"),
            RefuseLogin("no_credentials", "nobody is logged in", "name a Secret in spec.bigquery.secretRef, or set up Application Default Credentials"),
            Refuse("notFound", "no such thing", "the preflight says what is missing"),
            Refuse("notImplemented", "not implemented", "the service lacks a feature"),
            Try("quotaExceeded", "a quota is used up", Later, "wait, export less often (exportMinInterval), or ask for a higher quota"),
            Try("rateLimitExceeded", "too many requests", Later, "it is tried again"),
            Try("resourceInUse", "someone changes the same table", Soon, "it is tried again"),
            Refuse("resourcesExceeded", "too large for one query", "export smaller inventories"),
            Refuse("responseTooLarge", "too large an answer", "please report it"),
            Try("stopped", "the job was cancelled", Soon, "raise or remove options.job_timeout_ms (milliseconds), or ask who cancelled it"),
            Try("tableUnavailable", "the table is not ready", Soon, "it is tried again"),
            Try("timeout", "the job took too long", Later, "raise or remove options.job_timeout_ms (milliseconds)"),
            Try("429", "Too Many Requests", Later, "it is tried again"),
            Try("500", "Internal Server Error", Soon, "it is tried again"),
            Try("502", "Bad Gateway", Soon, "it is tried again"),
            Try("503", "Service Unavailable", Soon, "it is tried again"),
            Try("504", "Gateway Timeout", Soon, "it is tried again"),
            Refuse("401", "Unauthorized", "correct the service account key in the Secret"),
            Refuse("403", "Forbidden", "grant the account roles/bigquery.dataEditor on the dataset and roles/bigquery.jobUser on the project"),
            Refuse("404", "Not Found", "correct project, dataset or spec.endpoint"),
            Refuse("413", "Payload Too Large", "please report it")),
        Special: Seq1(Try(Contention, "another statement changes the table", Soon, "another statement changes the same table: it is tried again")),
        Keys: (_, fault) => WordsOfContention.Any(words => fault.Text.Contains(words, StringComparison.OrdinalIgnoreCase))
            ? Seq1(Contention)
            : fault.Code.Cons(fault.Labels),
        Network: Words,
        Unknown: "look it up under \"Error messages\" in BigQuery's documentation");

    /// <summary>The answer is not what the API describes.</summary>
    /// <param name="why">Without anything that the answer says: it may be of an inner service.</param>
    public static Fault.Server Unreadable(string why) => new(UnreadableCode, $"the answer cannot be read: {why}");

    /// <summary>The service, or something in its place, names another address.</summary>
    public static Fault.Server Redirect { get; } = new(RedirectCode, "the server redirects to another address");

    /// <summary>The answer is longer than any that is asked for.</summary>
    public static Fault.Server TooLarge { get; } = new(
        TooLargeCode, FormattableString.Invariant($"the answer is longer than {Limits.MaxAnswerBytes >> 20} MiB, or its headers than 64 KiB"));

    internal const string NoTokenCode = "no_token";

    private const string UnreadableCode = "unreadable";

    private const string TooLargeCode = "too_large";

    private const string RedirectCode = "redirect";

    /// <summary>True when the request is retried within the same export. An unreachable server is retried by the next export only.</summary>
    public static bool IsTransient(Fault fault) => fault switch
    {
        Fault.Network { Kind: var kind } => kind == NetworkFault.Broken,
        _ => Table.Classify(Stage.Export, fault, Redactor.WithoutSecrets) is Failure.TryLater,
    };
}
