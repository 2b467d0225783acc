namespace Kollect.Core.MongoDb.Bson;

/// <summary>The members that a document under construction has so far: one that comes again takes the place of the earlier one.</summary>
internal struct MemberNames
{
    /// <summary>Above this many members a set of hashes is cheaper than comparing names.</summary>
    private const int Few = 16;

    private readonly List<int> starts = new(8);
    private System.Collections.Generic.HashSet<ulong>? hashes;

    public MemberNames() { }

    /// <summary>Call before the element is written.</summary>
    public void Add(ReadOnlySpan<byte> name, BsonWriter writer)
    {
        if (starts.Count == Few && hashes is null)
            hashes = [.. Hashes(writer)];
        if ((hashes is null || !hashes.Add(Hash(name))) && IndexOf(name, writer) is >= 0 and var index)
            Remove(index, writer);
        starts.Add(writer.Length);
    }

    private readonly int IndexOf(ReadOnlySpan<byte> name, BsonWriter writer)
    {
        for (var index = 0; index < starts.Count; index++)
            if (NameAt(writer, starts[index]).StartsWith(name) && NameAt(writer, starts[index])[name.Length] == 0)
                return index;
        return -1;
    }

    private readonly void Remove(int index, BsonWriter writer)
    {
        var start = starts[index];
        var length = (index + 1 < starts.Count ? starts[index + 1] : writer.Length) - start;
        writer.Remove(start, length);
        starts.RemoveAt(index);
        for (var later = index; later < starts.Count; later++)
            starts[later] -= length;
    }

    private readonly IEnumerable<ulong> Hashes(BsonWriter writer)
    {
        foreach (var start in starts)
        {
            var name = NameAt(writer, start);
            yield return Hash(name[..name.IndexOf((byte)0)]);
        }
    }

    // Behind the byte of the type; the terminating NUL follows.
    private static ReadOnlySpan<byte> NameAt(BsonWriter writer, int element) => writer.Written.Span[(element + 1)..];

    // FNV-1a; a collision only costs a comparison.
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in name)
            hash = (hash ^ b) * 1_099_511_628_211UL;
        return hash;
    }
}
