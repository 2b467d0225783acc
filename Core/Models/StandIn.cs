// Stands in for the generated models until they are merged; then this file goes.
#pragma warning disable CS1591
namespace Kollect.Core.Models.V1Alpha1;

public sealed record ObjectMeta(string? Name, string? Namespace, Map<string, string> Annotations);
public sealed record KollectDatabaseSink(ObjectMeta Metadata, KollectDatabaseSinkSpec Spec);
public enum SinkType { Postgres, Bigquery, Mongodb }
public enum ModeType { Ensure, Existing }
public sealed record Ref { public string? Name { get; init; } public string? Namespace { get; init; } }
public sealed record PostgresBlock { public Ref? DatabaseRef { get; init; } public string? Schema { get; init; } public string? Table { get; init; } }
public sealed record MongodbBlock { public Ref? DatabaseRef { get; init; } public string? Database { get; init; } public string? Collection { get; init; } }
public sealed record BigqueryBlock { public string? Project { get; init; } public string? Dataset { get; init; } public string? Table { get; init; } public string? Location { get; init; } public Ref? SecretRef { get; init; } }
public sealed record NamingBlock { public string? Template { get; init; } }
public sealed record ProvisioningBlock { public ModeType? Mode { get; init; } public NamingBlock? Naming { get; init; } }
public sealed record TlsBlock { public string? CaBundle { get; init; } public Ref? CaSecretRef { get; init; } public bool? InsecureSkipVerify { get; init; } }
public sealed record SerializationBlock { public string? Format { get; init; } public string? Compression { get; init; } }
public sealed record KollectDatabaseSinkSpec
{
    public SinkType? Type { get; init; }
    public PostgresBlock? Postgres { get; init; }
    public MongodbBlock? Mongodb { get; init; }
    public BigqueryBlock? Bigquery { get; init; }
    public ProvisioningBlock? Provisioning { get; init; }
    public Dictionary<string, string>? Options { get; init; }
    public string? ExportMinInterval { get; init; }
    public bool? ConnectionTest { get; init; }
    public string? Cluster { get; init; }
    public string? Endpoint { get; init; }
    public TlsBlock? Tls { get; init; }
    public Ref? SecretRef { get; init; }
    public SerializationBlock? Serialization { get; init; }
    public string? Layout { get; init; }
    public string? PathTemplate { get; init; }
}
public enum StructuralProblemKind { UnknownField, Missing, WrongType }
public sealed record StructuralProblem(StructuralProblemKind Kind, string Path, string Message);
