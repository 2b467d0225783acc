using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>The parser of YamlDotNet, throwing nothing but <see cref="YamlException"/>.</summary>
internal sealed class GuardedParser(TextReader text) : IParser
{
    private readonly Parser parser = new(text);

    public ParsingEvent? Current => parser.Current;

    public bool MoveNext()
    {
        try
        {
            return parser.MoveNext();
        }
        catch (Exception e) when (e is not (YamlException or OutOfMemoryException))
        {
            // Its scanner trips over some malformed texts, for instance InvalidOperationException at "...\n: - ".
            var at = Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "a structure that cannot be understood", e);
        }
    }
}
