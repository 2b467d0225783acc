using System.Diagnostics;
using Kollect.Core.Failures;
using Kollect.Core.Secrets;

namespace Kollect.Core.Postgres;

/// <summary>
/// What each error of PostgreSQL means for the one who waits. By SQLSTATE, the most exact entry first, then by its class
/// (PostgreSQL manual, appendix A).
/// </summary>
public static class Errors
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(30);

    /// <summary>One line of the table.</summary>
    /// <param name="Code">A SQLSTATE of five characters, or a class of two.</param>
    /// <param name="Name">Condition name of the manual.</param>
    /// <param name="After">None = refused; else transient.</param>
    /// <param name="Remedy">What to do.</param>
    public sealed record Entry(string Code, string Name, Option<TimeSpan> After, string Remedy);

    /// <summary>All known errors; codes of five characters come before their class.</summary>
    public static Seq<Entry> Table { get; } = Seq(
        Try("08", "connection_exception", Soon, "the connection was lost: it is tried again"),
        Refuse("0A000", "feature_not_supported", "the server or a pooler in front of it lacks a feature: use PostgreSQL 12 or newer"),
        Refuse("22023", "invalid_parameter_value", "correct the value in spec.options"),
        Refuse("22", "data_exception", "an item holds a value that the server cannot store: please report it with the item"),
        Try("23505", "unique_violation", Soon, "another writer holds that row, or a further unique index is in the way: drop that index"),
        Refuse("23", "integrity_constraint_violation", "a constraint of the table refuses the rows: drop it or choose another table"),
        Try("25006", "read_only_sql_transaction", Later, "the server is a standby: connect to the primary (target_session_attrs=read-write)"),
        Try("25P03", "idle_in_transaction_session_timeout", Soon, "the input was too slow: raise options.idle_in_transaction_session_timeout"),
        Try("25", "invalid_transaction_state", Soon, "it is tried again"),
        Refuse("28P01", "invalid_password", "correct the password in the Secret of databaseRef, or in secretRef"),
        Refuse("28", "invalid_authorization_specification", "correct the user in the Secret, or allow it in the server's pg_hba.conf"),
        Refuse("3D000", "invalid_catalog_name", "create the database, or correct its name in the Secret"),
        Refuse("3F000", "invalid_schema_name", "create the schema, or correct spec.postgres.schema"),
        Try("40", "transaction_rollback", Soon, "another transaction was in the way: it is tried again"),
        Refuse("42501", "insufficient_privilege", "grant the role what `kollect plan` lists"),
        Refuse("42704", "undefined_object", "correct the name of the parameter in spec.options"),
        Refuse("42P01", "undefined_table", "the table went away: run `kollect plan`"),
        Refuse("42", "syntax_error_or_access_rule_violation", "run `kollect plan` and compare it with the table"),
        Try("53300", "too_many_connections", Later, "close connections or raise the server's or the role's connection limit"),
        Try("53100", "disk_full", Later, "free disk space on the server"),
        Try("53", "insufficient_resources", Later, "the server is short of resources"),
        Refuse("54", "program_limit_exceeded", "an item is beyond a limit of the server: please report it with the item"),
        Try("55P03", "lock_not_available", Later, "someone holds a lock on the table: wait, or raise options.lock_timeout"),
        Refuse("55P02", "cant_change_runtime_param", "remove that parameter from spec.options: it is fixed when the server starts"),
        Try("55", "object_not_in_prerequisite_state", Later, "it is tried again"),
        Try("57014", "query_canceled", Later, "raise or remove options.statement_timeout (milliseconds), or look for what slows the server"),
        Refuse("57P04", "database_dropped", "create the database, or correct its name in the Secret"),
        Try("57P03", "cannot_connect_now", Soon, "the server is starting up or shutting down"),
        Try("57", "operator_intervention", Soon, "the server was stopped or the session ended by an administrator"),
        Try("58", "system_error", Later, "look into the server's log"),
        Refuse("F0", "config_file_error", "look into the server's log"),
        Refuse("P0", "plpgsql_error", "a trigger of the table refuses the rows: drop it or choose another table"),
        Try("XX", "internal_error", Later, "look into the server's log"));

    /// <summary>Total: an unknown code is refused, because an unknown remedy cannot be to wait.</summary>
    public static Failure Classify(Stage stage, Fault fault, Redactor redactor) => fault switch
    {
        Fault.Server it => Server(stage, it, redactor),
        Fault.Network it => Network(stage, it.Kind),
        _ => throw new UnreachableException(),
    };

    private static Failure Server(Stage stage, Fault.Server fault, Redactor redactor)
    {
        var entry = Table.Find(it => it.Code == fault.Code)
                    | Table.Find(it => it.Code.Length == 2 && fault.Code.StartsWith(it.Code, StringComparison.Ordinal));
        var said = redactor.Scrub(OneLine(fault.Text));
        var remedy = (stage, fault.Code) switch
        {
            (Stage.Options, "42501") => "remove that parameter from spec.options, or let a superuser run GRANT SET ON PARAMETER",
            _ => entry.Match(it => it.Remedy, () => "look it up in appendix A of the PostgreSQL manual"),
        };
        var message = $"{Words(stage)}: {said} ({fault.Code}) — {remedy}";
        return entry.Bind(it => it.After).Match<Failure>(
            after => new Failure.TryLater(message, after),
            () => new Failure.Refused(message));
    }

    private static Failure Network(Stage stage, NetworkFault kind) => kind switch
    {
        NetworkFault.Broken or NetworkFault.TimedOut when stage == Stage.Commit => TryLater(
            stage, "the connection ended before the server confirmed; either everything or nothing was written", "export again: it is repeatable"),
        NetworkFault.Broken when stage == Stage.Connect => TryLater(
            stage, "the connection could not be made", "check host and port, or the folder of the unix socket; is this a PostgreSQL server?"),
        NetworkFault.ConnectionRefused => TryLater(stage, "the server refused the connection", "is it running, and is the port right?"),
        NetworkFault.UnknownHost => TryLater(stage, "the host name has no address", "correct the host in the Secret, or wait for its DNS record"),
        NetworkFault.Unreachable => TryLater(stage, "no route to the server", "look for a firewall or network policy"),
        NetworkFault.TimedOut => TryLater(stage, "no answer from the server in time", "look for a firewall, or raise connect_timeout in the connection string"),
        NetworkFault.Broken => TryLater(stage, "the connection ended in the middle; nothing was written", "it can be tried again"),
        NetworkFault.Tls => new Failure.Refused(Line(stage, "the TLS handshake failed", "check sslmode, spec.tls and the server's certificate")),
        NetworkFault.Authentication => new Failure.Refused(
            Line(stage, "the server asks for an authentication that cannot be given", "put user and password into the Secret (SCRAM-SHA-256)")),
        _ => throw new UnreachableException(),
    };

    private static Failure TryLater(Stage stage, string said, string remedy) => new Failure.TryLater(Line(stage, said, remedy), Soon);

    private static string Line(Stage stage, string said, string remedy) => $"{Words(stage)}: {said} — {remedy}";

    private static string Words(Stage stage) => stage switch
    {
        Stage.Connect => "connect",
        Stage.Options => "options",
        Stage.Preflight => "preflight",
        Stage.Provision => "provision",
        Stage.Export => "export",
        Stage.Commit => "commit",
        _ => throw new UnreachableException(),
    };

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static Entry Refuse(string code, string name, string remedy) => new(code, name, None, remedy);

    private static Entry Try(string code, string name, TimeSpan after, string remedy) => new(code, name, after, remedy);
}
