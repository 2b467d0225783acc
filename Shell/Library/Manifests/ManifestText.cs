using System.Text;
using Kollect.Shell.Manifests.Yaml;

namespace Kollect.Shell.Manifests;

/// <summary>Reads the documents of one file, YAML or JSON; JSON is parsed as YAML, of which it is a subset.</summary>
public static class ManifestText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads all documents. Bad content becomes a problem, never an exception.</summary>
    /// <param name="file">Name of the file in problems and in <see cref="SourceMap.File"/>.</param>
    /// <param name="content">UTF-8, with or without a byte order mark; empty = no documents.</param>
    public static ManifestSet Read(string file, ReadOnlySpan<byte> content)
    {
        var text = content.StartsWith("\uFEFF"u8) ? content[3..] : content;
        return Decode(text) is { } decoded
            ? ManifestSet.Concat(YamlChunk.Split(decoded).Select(chunk => Read(file, chunk)))
            : ManifestSet.Of(new ManifestProblem(
                file, LineOfBadByte(text), "the file is not UTF-8 text; save it as UTF-8, which is what Kubernetes reads"));
    }

    private static ManifestSet Read(string file, YamlChunk chunk)
    {
        if (chunk.Text.Length > YamlJson.MaxBytes)
            return ManifestSet.Of(new ManifestProblem(file, chunk.FirstLine, YamlJson.TooLarge));
        var (roots, problems) = YamlDocuments.Parse(file, chunk);
        return ManifestSet.Concat([
            .. roots.Select(root => ManifestObject.Read(file, root)),
            ManifestSet.Empty with { Problems = problems },
        ]);
    }

    private static string? Decode(ReadOnlySpan<byte> text)
    {
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static int LineOfBadByte(ReadOnlySpan<byte> text)
    {
        var line = 1;
        while (Rune.DecodeFromUtf8(text, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            line += rune.Value == '\n' ? 1 : 0;
            text = text[length..];
        }

        return line;
    }
}
