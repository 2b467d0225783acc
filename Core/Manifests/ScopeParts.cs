using Kollect.Core.Collection;
using Kollect.Models;
using Kollect.Models.V1Alpha1;
using static Kollect.Core.Manifests.SpecParts;

namespace Kollect.Core.Manifests;

/// <summary>The fields of a scope of either kind that rules read; all texts trimmed.</summary>
/// <param name="Kinds">In the order of the manifest.</param>
/// <param name="Namespaces">Each list of namespaces, by its field.</param>
/// <param name="Sinks">Each list of sinks, by its field.</param>
/// <param name="MinExportInterval">As it is written; empty = not given.</param>
internal sealed record ScopeParts(
    Seq<ResourceKind> Kinds, Seq<(string Field, Seq<string> Names)> Namespaces, Seq<(string Field, Seq<string> Names)> Sinks, string MinExportInterval)
{
    public const string Allowed = "allowedNamespaces";
    public const string Denied = "deniedNamespaces";
    public const string Refs = "allowedStaticRefNamespaces";

    public static ScopeParts Of(KollectScope scope)
    {
        var spec = scope.Spec;
        return new ScopeParts(
            KindsOf(spec.AllowedGVKs),
            Seq((Allowed, Texts(spec.AllowedNamespaces)), (Denied, Texts(spec.DeniedNamespaces))),
            Seq(("databaseSinkRefs", Texts(spec.DatabaseSinkRefs)), ("sinkRefs", Texts(spec.SinkRefs))),
            Trimmed(spec.MinExportInterval));
    }

    public static ScopeParts Of(KollectClusterScope scope)
    {
        var spec = scope.Spec;
        return new ScopeParts(
            KindsOf(spec.AllowedGVKs),
            Seq((Allowed, Texts(spec.AllowedNamespaces)), (Denied, Texts(spec.DeniedNamespaces)), (Refs, Texts(spec.AllowedStaticRefNamespaces))),
            Seq(("databaseSinkRefs", Texts(spec.DatabaseSinkRefs)), ("sinkRefs", Texts(spec.SinkRefs))),
            Trimmed(spec.MinExportInterval));
    }

    /// <summary>The namespaces of one field.</summary>
    public Seq<string> NamespacesOf(string field) => Namespaces.Filter(it => it.Field == field).Bind(it => it.Names).Strict();

    private static Seq<ResourceKind> KindsOf(ModelList<KollectScopeSpecAllowedGVK> kinds) =>
        kinds.Select(it => new ResourceKind(Trimmed(it.Group), Trimmed(it.Version), Trimmed(it.Kind))).ToArray().ToSeq();

    private static Seq<string> Texts(ModelList<string> texts) => texts.Select(Trimmed).ToArray().ToSeq();
}
