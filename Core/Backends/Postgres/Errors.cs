using Kollect.Core.Failures;
using static Kollect.Core.Backends.ErrorEntry;

namespace Kollect.Core.Backends.Postgres;

/// <summary>
/// The class and the remedy of each error of PostgreSQL: by SQLSTATE, the most exact entry first, then by its class
/// (PostgreSQL manual, appendix A).
/// </summary>
internal static class Errors
{
    private static readonly TimeSpan Soon = Waits.Soon;
    private static readonly TimeSpan Later = Waits.Later;

    private static readonly NetworkWords Words = new(
        Unconfirmed: "either everything or nothing was written",
        Broken: "nothing was written",
        Host: "the Secret",
        NotOurServer: "check host and port, or the folder of the unix socket; is this a PostgreSQL server?",
        TimedOut: "look for a firewall, or raise connect_timeout in the connection string",
        Tls: "check sslmode, spec.tls and the server's certificate",
        Authentication: "put user and password into the Secret (SCRAM-SHA-256)");

    private const string ParameterDenied = "42501 of a parameter";

    /// <summary>
    /// True = the server sends nothing more on this connection: class 08, and the codes with which it ends a session (57P01 admin_shutdown, of
    /// pg_terminate_backend too, 57P02 crash_shutdown, 57P05 idle_session_timeout). Poolers use 08 as well.
    /// </summary>
    public static bool EndsConnection(Fault fault) =>
        fault is Fault.Network or Fault.Server { Code: ['0', '8', ..] or "57P01" or "57P02" or "57P05" };

    /// <summary>All known errors; codes of five characters come before their class.</summary>
    public static ErrorTable Table { get; } = new(
        Entries: Seq(
            Try("08", "connection_exception", Soon, "the connection was lost: it is tried again"),
            Refuse("0A000", "feature_not_supported", "the table, an extension or a pooler before the server lacks a feature: use a plain table without it"),
            Refuse("22023", "invalid_parameter_value", "correct the value in spec.options"),
            Refuse("22", "data_exception", "an item holds a value that the server cannot store: please report it with the item"),
            Try("23505", "unique_violation", Soon, "another writer holds that row, or a further unique index is in the way: drop that index"),
            Refuse("23503", "foreign_key_violation", "a foreign key to or from the table is in the way: drop it or choose another table"),
            Refuse("23514", "check_violation", "a CHECK constraint or the bounds of the partitions refuse a row: change the constraint, or add a partition"),
            Refuse("23", "integrity_constraint_violation", "a constraint of the table refuses the rows: drop it or choose another table"),
            Try("25006", "read_only_sql_transaction", Later, "the server is a standby: connect to the primary (target_session_attrs=read-write)"),
            Try("25P03", "idle_in_transaction_session_timeout", Soon, "the input was too slow: raise options.idle_in_transaction_session_timeout"),
            Try("25", "invalid_transaction_state", Soon, "it is tried again"),
            Refuse("28P01", "invalid_password", "correct the password in the Secret of databaseRef, or in secretRef"),
            Refuse("28", "invalid_authorization_specification", "correct the user in the Secret, or allow it in the server's pg_hba.conf"),
            Refuse("3D000", "invalid_catalog_name", "create the database, or correct its name in the Secret"),
            Refuse("3F000", "invalid_schema_name", "create the schema, or correct spec.postgres.schema"),
            Try("40", "transaction_rollback", Soon, "another transaction was in the way: it is tried again"),
            Refuse("42501", "insufficient_privilege", "grant the role the privileges that the preflight names"),
            Refuse("42704", "undefined_object", "correct the name of the parameter in spec.options"),
            Refuse("42P01", "undefined_table", "the table went away: the preflight says what is missing"),
            Refuse("42", "syntax_error_or_access_rule_violation", "compare the table with what the preflight names"),
            Try("53300", "too_many_connections", Later, "close connections or raise the server's or the role's connection limit"),
            Try("53100", "disk_full", Later, "free disk space on the server"),
            Try("53", "insufficient_resources", Later, "the server is short of resources"),
            Refuse("54", "program_limit_exceeded", "an item is beyond a limit of the server: please report it with the item"),
            Try("55P03", "lock_not_available", Later, "someone holds a lock on the table: wait, or raise options.lock_timeout"),
            Refuse("55P02", "cant_change_runtime_param", "remove that parameter from spec.options: it is fixed when the server starts"),
            Try("55", "object_not_in_prerequisite_state", Later, "it is tried again"),
            Try("57014", "query_canceled", Later, "raise or remove options.statement_timeout (milliseconds), or look for what slows the server"),
            Refuse("57P04", "database_dropped", "create the database, or correct its name in the Secret"),
            Try("57P03", "cannot_connect_now", Soon, "the server is starting up or shutting down") with { IsOfStart = true },
            Try("57", "operator_intervention", Soon, "the server was stopped or the session ended by an administrator"),
            Try("58", "system_error", Later, "look into the server's log"),
            Refuse("F0", "config_file_error", "look into the server's log"),
            Refuse("P0", "plpgsql_error", "a trigger of the table refuses the rows: drop it or choose another table"),
            Try("XX", "internal_error", Later, "look into the server's log")),
        Special: Seq1(Refuse(
            ParameterDenied, "insufficient_privilege", "remove that parameter from spec.options, or let a superuser run GRANT SET ON PARAMETER")),
        Keys: (stage, fault) => stage == Stage.Options && fault.Code == "42501"
            ? Seq1(ParameterDenied)
            : Seq(fault.Code, fault.Code[..Math.Min(2, fault.Code.Length)]),
        Network: Words,
        Unknown: "look it up in appendix A of the PostgreSQL manual");
}
