namespace Kollect.Core.MongoDb.Bson;

/// <summary>The members that a document under construction has so far: one that comes again takes the place of the earlier one.</summary>
/// <param name="writer">Writes the document; lends the list of where its elements start.</param>
internal ref struct MemberNames(BsonWriter writer)
{
    /// <summary>Above this many members a set of hashes is cheaper than comparing names.</summary>
    private const int Few = 16;

    private readonly int first = writer.MemberStarts.Count;
    private System.Collections.Generic.HashSet<ulong>? hashes;

    /// <summary>Call before the element is written.</summary>
    public void Add(scoped ReadOnlySpan<byte> name)
    {
        if (writer.MemberStarts.Count - first == Few && hashes is null)
            hashes = Hashes();
        if ((hashes is null || !hashes.Add(Hash(name))) && IndexOf(name) is >= 0 and var index)
            Remove(index);
        writer.MemberStarts.Add(writer.Length);
    }

    /// <summary>Call when the document ends.</summary>
    public readonly void End() => writer.MemberStarts.RemoveRange(first, writer.MemberStarts.Count - first);

    private readonly int IndexOf(scoped ReadOnlySpan<byte> name)
    {
        for (var index = first; index < writer.MemberStarts.Count; index++)
            if (NameAt(index) is var element && element.StartsWith(name) && element[name.Length] == 0)
                return index;
        return -1;
    }

    private readonly void Remove(int index)
    {
        var starts = writer.MemberStarts;
        var start = starts[index];
        var length = (index + 1 < starts.Count ? starts[index + 1] : writer.Length) - start;
        writer.Remove(start, length);
        starts.RemoveAt(index);
        for (var later = index; later < starts.Count; later++)
            starts[later] -= length;
    }

    private readonly System.Collections.Generic.HashSet<ulong> Hashes()
    {
        var all = new System.Collections.Generic.HashSet<ulong>();
        for (var index = first; index < writer.MemberStarts.Count; index++)
            all.Add(Hash(NameAt(index)[..NameAt(index).IndexOf((byte)0)]));
        return all;
    }

    // Behind the byte of the type; the terminating NUL follows.
    private readonly ReadOnlySpan<byte> NameAt(int index) => writer.Written.Span[(writer.MemberStarts[index] + 1)..];

    // FNV-1a; a collision only costs a comparison.
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in name)
            hash = (hash ^ b) * 1_099_511_628_211UL;
        return hash;
    }
}
