using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Kollect.Shell.Manifests;

/// <summary>Reads manifests as kubectl takes them: YAML or JSON, several documents in a file, Lists, folders, standard input.</summary>
public static class ManifestReader
{
    private const int MaxFileBytes = 32 << 20;
    private const int MaxDepth = 100;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads every file; what cannot be read becomes a problem, never an exception.</summary>
    /// <param name="paths">Files, folders (their *.yaml, *.yml and *.json, in ordinal order, not deeper), or <c>-</c>.</param>
    /// <param name="standardInput">What <c>-</c> stands for.</param>
    /// <param name="cancel">Stops reading.</param>
    public static async Task<ManifestSet> ReadAsync(IEnumerable<string> paths, Stream standardInput, CancellationToken cancel)
    {
        var documents = new List<ManifestDocument>();
        var problems = new List<ManifestProblem>();
        foreach (var file in paths.SelectMany(path => Expand(path, problems)))
        {
            var text = await ReadTextAsync(file, standardInput, problems, cancel);
            if (text is not null)
                Parse(file, text, documents, problems);
        }

        return new ManifestSet(documents.ToArray().ToSeq(), problems.ToArray().ToSeq());
    }

    private static IEnumerable<string> Expand(string path, List<ManifestProblem> problems)
    {
        if (!Directory.Exists(path))
            return [path];
        var files = Directory.EnumerateFiles(path)
            .Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json")
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (files.Length == 0)
            problems.Add(new ManifestProblem(path, 0, "the folder has no *.yaml, *.yml or *.json"));
        return files;
    }

    private static async Task<string?> ReadTextAsync(
        string file, Stream standardInput, List<ManifestProblem> problems, CancellationToken cancel)
    {
        try
        {
            await using var stream = file == "-" ? standardInput : File.OpenRead(file);
            using var bytes = new MemoryStream();
            var buffer = new byte[64 << 10];
            for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > MaxFileBytes)
                    throw new IOException($"is larger than {MaxFileBytes >> 20} MiB; manifests are small: is this the snapshot? give it with --items");
            }

            return Strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new ManifestProblem(file, 0, "is not UTF-8 text; convert it"));
        }
        catch (FileNotFoundException)
        {
            problems.Add(new ManifestProblem(file, 0, "does not exist"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add(new ManifestProblem(file, 0, failure.Message));
        }

        return null;
    }

    private static void Parse(string file, string text, List<ManifestDocument> documents, List<ManifestProblem> problems)
    {
        try
        {
            CheckDepth(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            var before = documents.Count;
            foreach (var document in stream.Documents)
                documents.AddRange(Objects(document.RootNode).Select(node => Document(node, file)));
            if (documents.Count == before)
                problems.Add(new ManifestProblem(file, 0, "holds no object"));
        }
        catch (YamlException malformed)
        {
            problems.Add(new ManifestProblem(file, (int)malformed.Start.Line, $"is not valid YAML: {Reason(malformed)}"));
        }
    }

    // The representation model reads recursively: a hostile depth would overflow the stack, which nobody can catch.
    private static void CheckDepth(string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext();)
        {
            depth += parser.Current switch
            {
                MappingStart or SequenceStart => 1,
                MappingEnd or SequenceEnd => -1,
                _ => 0,
            };
            if (depth > MaxDepth)
                throw new YamlException(parser.Current!.Start, parser.Current.End, $"nested deeper than {MaxDepth} levels");
        }
    }

    private static IEnumerable<YamlNode> Objects(YamlNode root) => root switch
    {
        YamlScalarNode { Value: null or "" } => [],
        YamlMappingNode mapping when Text(mapping, "kind") == "List" && Child(mapping, "items") is YamlSequenceNode items =>
            items.Children.SelectMany(Objects),
        _ => [root],
    };

    private static ManifestDocument Document(YamlNode node, string file)
    {
        if (node is not YamlMappingNode mapping)
            throw new YamlException(node.Start, node.End, "a Kubernetes object is expected here");
        var (json, lines) = YamlJson.Write(mapping, file);
        var metadata = Child(mapping, "metadata") as YamlMappingNode ?? [];
        return new ManifestDocument(
            Text(mapping, "apiVersion"),
            Text(mapping, "kind"),
            Text(metadata, "namespace") is { Length: > 0 } ns ? ns : "default",
            Text(metadata, "name"),
            json,
            lines);
    }

    private static YamlNode? Child(YamlMappingNode mapping, string name) =>
        mapping.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;

    private static string Text(YamlMappingNode mapping, string name) => (Child(mapping, name) as YamlScalarNode)?.Value ?? "";

    // The message repeats the position in front, and may run over several lines.
    private static string Reason(YamlException malformed)
    {
        var message = malformed.InnerException is YamlException inner ? inner.Message : malformed.Message;
        return message.Replace('\n', ' ').Replace('\r', ' ');
    }
}
