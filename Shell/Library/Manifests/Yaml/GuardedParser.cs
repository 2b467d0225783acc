using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kollect.Shell.Manifests.Yaml;

/// <summary>YamlDotNet's parser, which here throws no exception but <see cref="YamlException"/>.</summary>
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
            // The scanner fails on some malformed texts with other exceptions, e.g. InvalidOperationException at "...\n: - ".
            var at = Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "a structure that cannot be understood", e);
        }
    }
}
