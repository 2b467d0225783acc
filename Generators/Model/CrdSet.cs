using Kollect.Generators.Schema;

namespace Kollect.Generators.Model;

/// <summary>All CRDs of a project.</summary>
/// <param name="Shared">Namespace of the types that all models share.</param>
public sealed record CrdSet(string Shared, EquatableArray<CrdFile> Files)
{
    /// <summary>The problems of each file, and kinds that cannot have a type of their own.</summary>
    public IEnumerable<SchemaProblem> Problems => Files.SelectMany(file => file.Problems).Concat(
        ByName.SelectMany(same => same.Skip(1).Select(it => new SchemaProblem(
        Diagnostics.DuplicateKind.Id,
        new FilePosition(it.File.Path, 0, 0, 0, 0),
        $"{NamespaceOf(it.Crd)}.{it.Crd.TypeName}",
        $"{same.First().Crd.ApiVersion} {same.First().Crd.Kind} has it already; set the metadata KollectNamespace of one of the two files"))));

    /// <summary>The models of each namespace.</summary>
    public IEnumerable<CrdModel> Models => ByName.Select(same => same.First().Crd).GroupBy(NamespaceOf)
        .SelectMany(crds => ModelBuilder.Build(Shared, crds.Key, crds.ToArray()));

    /// <summary>Names that differ by case alone would be files of the same name.</summary>
    private IEnumerable<IGrouping<string, (CrdFile File, CrdVersion Crd)>> ByName => Files
        .SelectMany(file => file.Versions.Select(crd => (File: file, Crd: crd)))
        .GroupBy(it => $"{NamespaceOf(it.Crd)}.{it.Crd.TypeName}", StringComparer.OrdinalIgnoreCase);

    private string NamespaceOf(CrdVersion crd) => $"{(crd.Namespace is { } chosen ? Namespaces.Valid(chosen) : Shared)}.{Naming.Pascal(crd.Version)}";
}
