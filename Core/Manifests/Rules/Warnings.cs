using Kollect.Core.Kubernetes;
using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Secrets;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests.Rules;

/// <summary>Valid settings with a possibly unexpected effect.</summary>
internal static class Warnings
{
    public static IEnumerable<Finding> ExistingMode(KollectDatabaseSink sink) =>
        sink.Spec.Provisioning.Mode == KollectDatabaseSinkMode.Existing
            ? [new Finding(
                "spec.provisioning.mode",
                "existing: nothing is created; an export is refused until the destination exists with all columns and a unique index on the identity")]
            : [];

    // The command first: the API server may cut a warning behind its first 256 characters.
    public static IEnumerable<Finding> CrossNamespace(KollectDatabaseSink sink) =>
        from reference in References(sink)
        from name in reference.Namespace.AsEnumerable()
        where name != Namespace(sink)
        select new Finding(
            $"{reference.Path}.namespace",
            BackendBlocks.Of(sink.Spec).Bind(block => block.ForeignObjection(sink.Spec, reference)).IfNone(
                $"needs its owner's grant: {SecretAccess.CommandFor(Namespace(sink), SecretOf(sink, reference))} "
                + $"({GrantAnnotation.Remedy(Namespace(sink))})"));

    public static IEnumerable<Finding> NoCluster(KollectDatabaseSink sink) =>
        NonBlank(sink.Spec.Cluster).IsNone
            ? [new Finding("spec.cluster", "is empty; two clusters that write the same inventory name into one table would delete each other's rows")]
            : [];

    public static IEnumerable<Finding> EndpointWithoutEffect(KollectDatabaseSink sink) =>
        BackendBlocks.Of(sink.Spec).Exists(block => !block.ReadsEndpoint) && NonBlank(sink.Spec.Endpoint).IsSome
            ? [new Finding("spec.endpoint", "has no effect; the connection string in the Secret says where the server is")]
            : [];

    public static IEnumerable<Finding> CompressionWithoutEffect(KollectDatabaseSink sink) =>
        sink.Spec.Serialization?.Compression is { } compression and not KollectDatabaseSinkSpecSerializationCompression.None
            ? [new Finding("spec.serialization.compression", $"{compression.WireName()} has no effect; databases compress on their own")]
            : [];
}
