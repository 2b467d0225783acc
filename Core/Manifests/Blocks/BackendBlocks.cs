using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Manifests.Blocks;

/// <summary>The backends that a sink can choose from.</summary>
internal static class BackendBlocks
{
    public static Seq<BackendBlock> All { get; } = Seq<BackendBlock>(new PostgresBlock(), new MongoDbBlock(), new BigQueryBlock());

    /// <summary>The block of <c>spec.type</c>. None = the schema objects to the type.</summary>
    public static Option<BackendBlock> Of(KollectDatabaseSinkSpec spec) => All.Find(it => it.Type == spec.Type);
}
