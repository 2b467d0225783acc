using Kollect.Host.Commands;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kollect.Host.Install;

/// <summary>
/// A folder of kustomize below <c>Shell/Host/deploy</c>, as it was when this program was built. Its documents are read anew at each call, because they are
/// changed afterwards.
/// </summary>
internal sealed class Kustomization
{
    private readonly string folder;
    private readonly YamlMappingNode file;

    /// <param name="folder">Relative to <c>Shell/Host/deploy</c>; empty = the base.</param>
    public Kustomization(string folder = "")
    {
        this.folder = folder.Length == 0 ? "deploy" : $"deploy/{folder}";
        file = Read("kustomization.yaml").Single();
    }

    /// <summary>The documents of all <c>resources</c>, in their order.</summary>
    public IEnumerable<YamlMappingNode> Resources => Names(file, "resources").SelectMany(Read);

    /// <summary>The ConfigMaps of <c>configMapGenerator</c>, with their files.</summary>
    public IEnumerable<YamlMappingNode> ConfigMaps => file.List("configMapGenerator").OfType<YamlMappingNode>().Select(ConfigMap);

    /// <summary><c>name:newTag</c> of the first of the <c>images</c>.</summary>
    public string Image
    {
        get
        {
            var image = (YamlMappingNode)file.List("images")[0];
            return $"{image.Text("name")}:{image.Text("newTag")}";
        }
    }

    /// <summary>The documents of one file of the folder.</summary>
    public IEnumerable<YamlMappingNode> Read(string name)
    {
        using var text = new StringReader(Resource.Read($"{folder}/{name}"));
        return [.. YamlNodes.Read(text)];
    }

    private YamlMappingNode ConfigMap(YamlMappingNode generator) => new(
        Pair("apiVersion", "v1"),
        Pair("kind", "ConfigMap"),
        Pair("metadata", new YamlMappingNode(
            Pair("name", generator.Text("name")), Pair("namespace", generator.Text("namespace")), Pair("labels", generator.Map("options.labels")))),
        Pair("data", new YamlMappingNode(Names(generator, "files").Select(name =>
            Pair(name, new YamlScalarNode(Resource.Read($"{folder}/{name}")) { Style = ScalarStyle.Literal })))));

    private static KeyValuePair<YamlNode, YamlNode> Pair(string key, YamlNode value) => new(key, value);

    private static IEnumerable<string> Names(YamlMappingNode node, string list) => node.List(list).Select(item => ((YamlScalarNode)item).Value!);
}
