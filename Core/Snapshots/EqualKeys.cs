using System.Buffers;
using System.Text.Json;

namespace Kollect.Core.Snapshots;

/// <summary>Of equal keys inside one object only the last is kept, at any depth, for backends that would keep another. Used by one thread.</summary>
internal sealed class EqualKeys
{
    /// <summary>A set that has grown beyond this is replaced: clearing it would cost its whole size each time.</summary>
    private const int KeptSize = 1_024;

    private readonly List<System.Collections.Generic.HashSet<ulong>> levels = [];

    /// <summary>The same memory where no object has equal keys.</summary>
    /// <param name="json">Well-formed JSON. Keys are compared as texts: <c>"a"</c> and <c>"\u0061"</c> are equal.</param>
    public ReadOnlyMemory<byte> KeepLast(ReadOnlyMemory<byte> json) => MayRepeat(json.Span) ? WithoutOverruled(json) : json;

    /// <summary>By hashes, which may be equal for different keys.</summary>
    private bool MayRepeat(ReadOnlySpan<byte> json)
    {
        var reader = Reader(json);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.StartObject)
                Level(reader.CurrentDepth + 1, clear: true);
            else if (reader.TokenType == JsonTokenType.PropertyName && !Level(reader.CurrentDepth, clear: false).Add(Hash(reader)))
                return true;
        return false;
    }

    private System.Collections.Generic.HashSet<ulong> Level(int depth, bool clear)
    {
        while (levels.Count <= depth)
            levels.Add([]);
        if (clear && levels[depth].Count > KeptSize)
            levels[depth] = [];
        else if (clear)
            levels[depth].Clear();
        return levels[depth];
    }

    // FNV-1a over the bytes of the text, without its escapes.
    private static ulong Hash(in Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> text = reader.ValueIsEscaped ? System.Text.Encoding.UTF8.GetBytes(reader.GetString()!) : reader.ValueSpan;
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in text)
            hash = (hash ^ b) * 1_099_511_628_211UL;
        return hash;
    }

    private static ReadOnlyMemory<byte> WithoutOverruled(ReadOnlyMemory<byte> json)
    {
        var clean = new ArrayBufferWriter<byte>(json.Length);
        var at = 0;
        foreach (var (start, end) in Overruled(json.Span).OrderBy(member => member.Start))
        {
            // A member inside one that is left out goes with it.
            if (end <= at)
                continue;
            clean.Write(json.Span[at..Math.Max(at, start)]);
            at = end;
        }

        clean.Write(json.Span[at..]);
        return clean.WrittenMemory;
    }

    /// <summary>Each member that a later one of the same key overrules: from its key to the key of the next member.</summary>
    private static List<(int Start, int End)> Overruled(ReadOnlySpan<byte> json)
    {
        var overruled = new List<(int Start, int End)>();
        var objects = new Stack<(List<int> Starts, Dictionary<string, int> Last)>();
        var reader = Reader(json);
        while (reader.Read())
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    objects.Push(([], new Dictionary<string, int>(StringComparer.Ordinal)));
                    break;
                case JsonTokenType.EndObject:
                    objects.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    var (starts, last) = objects.Peek();
                    starts.Add((int)reader.TokenStartIndex);
                    var key = reader.GetString()!;
                    if (last.TryGetValue(key, out var before))
                        overruled.Add((starts[before], starts[before + 1]));
                    last[key] = starts.Count - 1;
                    break;
            }

        return overruled;
    }

    private static Utf8JsonReader Reader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
}
