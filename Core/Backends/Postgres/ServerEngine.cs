using System.Globalization;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The server behind PostgreSQL's protocol.</summary>
/// <param name="Version">As <c>version()</c> prints it: <c>PostgreSQL 15.18 (Debian …) on x86_64-pc-linux-gnu, …</c>.</param>
/// <param name="Number"><c>server_version_num</c>: 150018.</param>
internal sealed record ServerEngine(string Version, int Number)
{
    /// <summary><c>pg_collation.collisdeterministic</c> and <c>pg_attribute.attgenerated</c> exist since PostgreSQL 12.</summary>
    private const int Oldest = 120_000;

    // Each names itself in version(): CockroachDB's pg_advisory_xact_lock takes no lock before 26.3 (cockroachdb/cockroach#13546,
    // #168353), and Amazon Redshift knows neither jsonb nor ON CONFLICT and enforces no key (Redshift, "Unsupported PostgreSQL features").
    private static readonly Seq<(string Mark, string Why)> Unsupported = Seq(
        ("CockroachDB", "its advisory locks lock nothing before version 26.3, so two exporters of an inventory could mix their rows"),
        ("Redshift", "it has no jsonb and no ON CONFLICT, and does not enforce unique keys"));

    /// <summary>The reason why this server cannot be a destination; None = nothing is known against it.</summary>
    public Option<string> Objection =>
        Unsupported.Find(it => Version.Contains(it.Mark, StringComparison.Ordinal)).Map(it => $"the server is {Name}: {it.Why}")
        || (Number < Oldest
            ? Some(string.Create(CultureInfo.InvariantCulture, $"the server is {Name}; Kollect needs PostgreSQL {Oldest / 10_000} or newer"))
            : None);

    // Redshift hides behind the PostgreSQL that it once came from, and names itself last.
    private string Name => Version.Contains("Redshift", StringComparison.Ordinal) ? $"Amazon Redshift ({Product})" : Product;

    // CockroachDB CCL v23.1.11: without how it was built.
    private string Product => Version.Split([" on ", " (x86_64", " (aarch64", ", compiled"], 2, StringSplitOptions.None)[0];
}
