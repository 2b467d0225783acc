using Kollect.Host.Commands;

namespace Kollect.Host.Install;

/// <summary>The CustomResourceDefinitions as they were when this program was built.</summary>
internal static class EmbeddedCrds
{
    /// <summary>The text of each file of <c>crds/</c>, ordered by its name.</summary>
    public static IEnumerable<string> Texts =>
        typeof(EmbeddedCrds).Assembly.GetManifestResourceNames().Where(IsCrd).Order(StringComparer.Ordinal).Select(Resource.Read);

    /// <summary>E.g. <c>kollectinventories.kollect.dev</c>.</summary>
    public static IEnumerable<string> Names => Texts.SelectMany(text =>
    {
        using var reader = new StringReader(text);
        return YamlNodes.Read(reader).Select(InstallManifest.Name).ToArray();
    });

    private static bool IsCrd(string resource) =>
        resource.StartsWith("crds/", StringComparison.Ordinal) && resource.EndsWith(".yaml", StringComparison.Ordinal);
}
