using System.Text;
using Kollect.Shell.Manifests.Yaml;

namespace Kollect.Shell.Manifests;

/// <summary>Reads the documents of one file, YAML or JSON, as <c>kubectl</c> does.</summary>
internal static class ManifestText
{
    private const char ByteOrderMark = '\uFEFF';
    private const string SaveAsUtf8 = "save it as UTF-8, which is what Kubernetes reads";

    // Where bytes are no UTF-8, a mark that only matters in an object that is written.
    private static readonly UTF8Encoding Utf8 = With(new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    private static readonly UnicodeEncoding LittleEndian = With(new UnicodeEncoding(bigEndian: false, byteOrderMark: true));
    private static readonly UnicodeEncoding BigEndian = With(new UnicodeEncoding(bigEndian: true, byteOrderMark: true));

    /// <summary>Reads all documents. Bad content becomes a problem, never an exception.</summary>
    /// <param name="file">Name of the file in problems and in <see cref="SourceMap.File"/>.</param>
    /// <param name="content">UTF-8, or UTF-16 with a byte order mark; empty = no documents.</param>
    public static ManifestSet Read(string file, ReadOnlySpan<byte> content)
    {
        var (text, reason) = Decode(content);
        return reason is null
            ? ManifestSet.Concat(YamlChunk.Split(text).Select(chunk => Read(file, chunk)))
            : ManifestSet.Of(new ManifestProblem(file, 1, $"the file is {reason}"));
    }

    private static ManifestSet Read(string file, YamlChunk chunk)
    {
        if (JsonDocuments.Parse(chunk.Body, chunk.BodyLine) is { } json)
            return ManifestSet.Concat(json.Select(root => ManifestObject.Read(file, root)));
        var (roots, problem) = YamlDocuments.Parse(file, chunk);
        return ManifestSet.Concat([
            .. roots.Select(root => ManifestObject.Read(file, root)),
            ManifestSet.Empty with { Problems = problem.ToSeq() },
        ]);
    }

    /// <summary>The text, or why there is none.</summary>
    private static (string Text, string? Reason) Decode(ReadOnlySpan<byte> content) => content switch
    {
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => ("", $"UTF-32 text; {SaveAsUtf8}"),
        [0xFF, 0xFE, ..] => (LittleEndian.GetString(content[2..]), null),
        [0xFE, 0xFF, ..] => (BigEndian.GetString(content[2..]), null),
        [_, 0, ..] or [0, _, ..] => ("", $"UTF-16 text without a byte order mark; {SaveAsUtf8}"),
        [0x1F, 0x8B, ..] => ("", "compressed with gzip; decompress it first: gunzip FILE"),
        _ => (Utf8.GetString(content).TrimStart(ByteOrderMark), null),
    };

    private static T With<T>(T encoding)
        where T : Encoding
    {
        var copy = (T)encoding.Clone();
        copy.DecoderFallback = new DecoderReplacementFallback(ScalarRules.NotText.ToString());
        return copy;
    }
}
