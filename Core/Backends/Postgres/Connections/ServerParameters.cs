namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>A PostgreSQL server parameter that neither <c>spec.options</c> nor a connection string may set.</summary>
/// <param name="Name">In lower case, as the server reports it.</param>
/// <param name="Why">The effect that the parameter would have, and the remedy.</param>
internal sealed record ForbiddenParameter(string Name, string Why);

/// <summary>PostgreSQL's server parameters, as far as they are known without a server.</summary>
internal static class ServerParameters
{
    /// <summary>Parameters that would change the writing role, the table, or the rules for rows.</summary>
    public static Seq<ForbiddenParameter> Forbidden { get; } = Seq(
        new ForbiddenParameter("role", "rows would be written as another user; put that user into the Secret"),
        new ForbiddenParameter("session_authorization", "rows would be written as another user; put that user into the Secret"),
        new ForbiddenParameter("search_path", "it would move the table; name the schema in spec.postgres.schema"),
        new ForbiddenParameter("row_security", "hidden rows would be taken for missing ones; give the role a policy that shows all its rows"),
        new ForbiddenParameter("session_replication_role", "it switches off triggers and foreign keys of the database"),
        new ForbiddenParameter("client_encoding", "rows are sent as UTF-8, and the server would read them as something else"));

    /// <summary>Parameters that are useful for an export. They serve suggestions only; the server has more.</summary>
    public static Seq<string> WellKnown { get; } = Seq(
        "application_name", "backend_flush_after", "client_min_messages", "commit_delay", "constraint_exclusion", "cpu_tuple_cost",
        "datestyle", "deadlock_timeout", "default_statistics_target", "default_tablespace", "default_toast_compression",
        "default_transaction_isolation", "effective_cache_size", "effective_io_concurrency", "enable_hashagg", "enable_hashjoin",
        "enable_indexscan", "enable_mergejoin", "enable_nestloop", "enable_seqscan", "enable_sort", "from_collapse_limit",
        "geqo", "hash_mem_multiplier", "idle_in_transaction_session_timeout", "idle_session_timeout", "intervalstyle", "jit",
        "join_collapse_limit", "lc_messages", "lock_timeout", "log_duration", "log_error_verbosity", "log_lock_waits",
        "log_min_duration_statement", "log_min_messages", "log_statement", "log_temp_files", "logical_decoding_work_mem",
        "maintenance_work_mem", "max_parallel_maintenance_workers", "max_parallel_workers", "max_parallel_workers_per_gather",
        "max_stack_depth", "parallel_setup_cost", "parallel_tuple_cost", "plan_cache_mode", "random_page_cost", "seq_page_cost",
        "standard_conforming_strings", "statement_timeout", "synchronize_seqscans", "synchronous_commit", "tcp_keepalives_count",
        "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_user_timeout", "temp_buffers", "temp_file_limit", "temp_tablespaces",
        "timezone", "track_activities", "track_io_timing", "transaction_timeout", "wal_compression", "wal_skip_threshold", "work_mem");

    /// <summary>Can it be the name of a parameter, an extension's among them (<c>auto_explain.log_analyze</c>)?</summary>
    internal static bool IsName(string name) =>
        name.Split('.').All(part => part.Length > 0 && !char.IsAsciiDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$'));
}
