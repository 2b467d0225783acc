using Kollect.Core.Formatting;
using Kollect.Core.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary>What works, but perhaps not as somebody expects.</summary>
internal static class Warnings
{
    private static readonly TimeSpan BigQueryInterval = TimeSpan.FromMinutes(5);

    public static IEnumerable<Finding> ExistingMode(KollectDatabaseSink sink) =>
        sink.Spec.Provisioning.Mode == KollectDatabaseSinkMode.Existing
            ? [new Finding("spec.provisioning.mode", "existing: nothing is created; an export is refused until the destination exists with all columns and a unique index on the identity")]
            : [];

    public static IEnumerable<Finding> CrossNamespace(KollectDatabaseSink sink) =>
        from reference in References(sink)
        from name in reference.Namespace.AsEnumerable()
        where name != Namespace(sink)
        select new Finding($"{reference.Path}.namespace", $"the Secret lies in {name}, the sink in {Namespace(sink)}; an operator can demand a grant or deny this (--cross-namespace-secrets)");

    public static IEnumerable<Finding> InsecureSkipVerify(KollectDatabaseSink sink) =>
        sink.Spec.Tls?.InsecureSkipVerify == true
            ? [new Finding("spec.tls.insecureSkipVerify", "the server's certificate is not checked: whoever answers gets the password and the rows")]
            : [];

    public static IEnumerable<Finding> AuthorityWithoutEffect(KollectDatabaseSink sink) =>
        sink.Spec.Tls is { InsecureSkipVerify: true } tls && (tls.CaBundle is not null || tls.CaSecretRef is not null)
            ? [new Finding("spec.tls", "the authority has no effect while insecureSkipVerify is true")]
            : [];

    public static IEnumerable<Finding> NoCluster(KollectDatabaseSink sink) =>
        NonBlank(sink.Spec.Cluster).IsNone
            ? [new Finding("spec.cluster", "is empty; two clusters that write the same inventory name into one table would delete each other's rows")]
            : [];

    public static IEnumerable<Finding> BigQueryTooOften(KollectDatabaseSink sink) =>
        sink.Spec.Type == SinkType.Bigquery && NonBlank(sink.Spec.ExportMinInterval).Bind(GoDuration.Parse).Exists(interval => interval < BigQueryInterval)
            ? [new Finding("spec.exportMinInterval", $"{Trimmed(sink.Spec.ExportMinInterval)} is under 5m; each export is a billed job that scans the scope, and BigQuery queues DML of one table")]
            : [];

    public static IEnumerable<Finding> EndpointWithoutEffect(KollectDatabaseSink sink) =>
        sink.Spec.Type is SinkType.Postgres or SinkType.Mongodb && NonBlank(sink.Spec.Endpoint).IsSome
            ? [new Finding("spec.endpoint", "has no effect; the connection string in the Secret says where the server is")]
            : [];

    public static IEnumerable<Finding> EndpointUnencrypted(KollectDatabaseSink sink) =>
        sink.Spec.Type == SinkType.Bigquery && Trimmed(sink.Spec.Endpoint).StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            ? [new Finding("spec.endpoint", "is not encrypted: http shows the access token to the network; use https outside of tests")]
            : [];

    public static IEnumerable<Finding> CompressionWithoutEffect(KollectDatabaseSink sink) =>
        sink.Spec.Serialization?.Compression is { } compression and not KollectDatabaseSinkSpecSerializationCompression.None
            ? [new Finding("spec.serialization.compression", $"{compression.WireName()} has no effect; databases compress on their own")]
            : [];

    public static IEnumerable<Finding> CredentialsWithoutEffect(KollectDatabaseSink sink) =>
        sink.Spec is { Type: SinkType.Bigquery, SecretRef: not null }
            ? [new Finding("spec.secretRef", "has no effect; BigQuery knows no username and password: use spec.bigquery.secretRef")]
            : [];

    public static IEnumerable<Finding> ReadPreferenceWithoutEffect(KollectDatabaseSink sink) =>
        from option in sink.Spec.Type == SinkType.Mongodb ? Options(sink) : []
        where option.Name == "readPreference"
        select new Finding(OptionPath(option.Name), "has no effect; an export reads from the primary, or it would decide on old rows");
}
