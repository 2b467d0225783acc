using System.Globalization;

namespace Kollect.Core.Backends.Postgres.Connections;

/// <summary>
/// The values of the server parameters that are numbers or switches, in <c>spec.options</c> and connection strings alike. They are those of PostgreSQL 13 to 18
/// (<c>pg_settings</c>, min_val and max_val, the widest of them); whatever a server narrows, it refuses in its own words.
/// </summary>
internal static class ServerValues
{
    private const double MaxInt = int.MaxValue;

    /// <summary>Units of time in microseconds and of memory in bytes (manual, "Parameter Names and Values").</summary>
    private static readonly Dictionary<string, double> Units = new(StringComparer.Ordinal)
    {
        ["us"] = 1,
        ["ms"] = 1e3,
        ["s"] = 1e6,
        ["min"] = 6e7,
        ["h"] = 3.6e9,
        ["d"] = 8.64e10,
        ["B"] = 1,
        ["kB"] = 1 << 10,
        ["8kB"] = 1 << 13,
        ["MB"] = 1 << 20,
        ["GB"] = 1 << 30,
        ["TB"] = 1L << 40,
    };

    private static readonly string[] Switches =
    [
        "enable_hashagg", "enable_hashjoin", "enable_indexscan", "enable_mergejoin", "enable_nestloop", "enable_seqscan", "enable_sort", "geqo", "jit",
        "log_duration", "log_lock_waits", "standard_conforming_strings", "synchronize_seqscans", "track_activities", "track_io_timing",
    ];

    /// <summary>The server takes a beginning of a word, too, where only one word begins so.</summary>
    private static readonly string[] SwitchWords = ["on", "off", "true", "false", "yes", "no", "1", "0"];

    private static readonly string[] Times = ["us", "ms", "s", "min", "h", "d"];
    private static readonly string[] Sizes = ["B", "kB", "MB", "GB", "TB"];

    private static readonly Dictionary<string, (double Least, double Most, string Unit)> Ranges = new(StringComparer.OrdinalIgnoreCase)
    {
        ["backend_flush_after"] = (0, 256, "8kB"),
        ["commit_delay"] = (0, 100_000, "us"),
        ["cpu_tuple_cost"] = (0, double.MaxValue, ""),
        ["deadlock_timeout"] = (1, MaxInt, "ms"),
        ["default_statistics_target"] = (1, 10_000, ""),
        ["effective_cache_size"] = (1, MaxInt, "8kB"),
        ["effective_io_concurrency"] = (0, 1_000, ""),
        ["from_collapse_limit"] = (1, MaxInt, ""),
        ["hash_mem_multiplier"] = (1, 1_000, ""),
        ["idle_in_transaction_session_timeout"] = (0, MaxInt, "ms"),
        ["idle_session_timeout"] = (0, MaxInt, "ms"),
        ["join_collapse_limit"] = (1, MaxInt, ""),
        ["lock_timeout"] = (0, MaxInt, "ms"),
        ["log_min_duration_statement"] = (-1, MaxInt, "ms"),
        ["log_temp_files"] = (-1, MaxInt, "kB"),
        ["logical_decoding_work_mem"] = (64, MaxInt, "kB"),
        ["maintenance_work_mem"] = (64, MaxInt, "kB"),
        ["max_parallel_maintenance_workers"] = (0, 1_024, ""),
        ["max_parallel_workers"] = (0, 1_024, ""),
        ["max_parallel_workers_per_gather"] = (0, 1_024, ""),
        ["max_stack_depth"] = (100, MaxInt, "kB"),
        ["parallel_setup_cost"] = (0, double.MaxValue, ""),
        ["parallel_tuple_cost"] = (0, double.MaxValue, ""),
        ["random_page_cost"] = (0, double.MaxValue, ""),
        ["seq_page_cost"] = (0, double.MaxValue, ""),
        ["statement_timeout"] = (0, MaxInt, "ms"),
        ["tcp_keepalives_count"] = (0, MaxInt, ""),
        ["tcp_keepalives_idle"] = (0, MaxInt, "s"),
        ["tcp_keepalives_interval"] = (0, MaxInt, "s"),
        ["tcp_user_timeout"] = (0, MaxInt, "ms"),
        ["temp_buffers"] = (100, MaxInt / 2, "8kB"),
        ["temp_file_limit"] = (-1, MaxInt, "kB"),
        ["transaction_timeout"] = (0, MaxInt, "ms"),
        ["wal_skip_threshold"] = (0, MaxInt, "kB"),
        ["work_mem"] = (64, MaxInt, "kB"),
    };

    /// <summary>The objection to a value, without the value; None = it may be one, or the parameter is not known to be a number or a switch.</summary>
    /// <param name="name">Case is ignored, as on the server.</param>
    public static Option<string> Problem(string name, string value) =>
        Switches.Contains(name, StringComparer.OrdinalIgnoreCase) ? SwitchProblem(value.Trim())
        : !Ranges.TryGetValue(name, out var range) || IsWithin(value, range.Least, range.Most, range.Unit)
            ? None
            : string.Create(
                CultureInfo.InvariantCulture,
                $"is out of range: a number from {Number(range.Least)} to {Number(range.Most)}{Named(range.Unit)} is possible");

    private static Option<string> SwitchProblem(string value) =>
        value.Length > 0 && !value.Equals("o", StringComparison.OrdinalIgnoreCase)
        && SwitchWords.Any(word => word.StartsWith(value, StringComparison.OrdinalIgnoreCase))
            ? None
            : "is no switch: on and off are possible";

    /// <summary>As the server reads it: sign, fraction and exponent, white space and a unit.</summary>
    private static bool IsWithin(string value, double least, double most, string unit)
    {
        var text = value.AsSpan().Trim();
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return long.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) && hex >= least && hex <= most;
        var end = text.LastIndexOfAny("0123456789.") + 1;
        var given = text[end..].Trim().ToString();
        if (!double.TryParse(text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return false;
        if (given.Length > 0 && !(Units.ContainsKey(given) && (Times.Contains(unit) ? Times : unit.Length > 0 ? Sizes : []).Contains(given)))
            return false;
        var scaled = given.Length == 0 ? number : number * Units[given] / Units[unit];
        return scaled >= least && scaled <= most;
    }

    private static string Number(double number) => number == double.MaxValue ? "1.8e308" : number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Named(string unit) => unit.Length == 0 ? "" : Times.Contains(unit)
        ? $" {unit} (other units: {string.Join(", ", Times)})"
        : $" {unit} (units: {string.Join(", ", Sizes)})";
}
