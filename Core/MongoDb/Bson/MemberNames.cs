namespace Kollect.Core.MongoDb.Bson;

/// <summary>
/// The members that a document under construction has so far: one that comes again takes the place of the earlier one. Those are
/// only marked and taken out together, so that an object that repeats all its names costs no square of time.
/// </summary>
internal struct MemberNames
{
    /// <summary>Above this many members hashes are cheaper than comparing names.</summary>
    private const int Few = 16;

    /// <summary>Where each member begins; the complement of it once the member came again.</summary>
    private readonly List<int> starts = new(8);
    private Dictionary<ulong, int>? lastOfHash;
    private bool anyMarked;

    public MemberNames() { }

    /// <summary>Call before the element is written.</summary>
    public void Add(ReadOnlySpan<byte> name, BsonWriter writer)
    {
        if (IndexOf(name, writer) is >= 0 and var earlier)
        {
            starts[earlier] = ~starts[earlier];
            anyMarked = true;
        }

        if (starts.Count == Few)
            lastOfHash = HashAll(writer);
        if (lastOfHash is not null)
            lastOfHash[Hash(name)] = starts.Count;
        starts.Add(writer.Length);
    }

    /// <summary>Call after the last element.</summary>
    public readonly void Finish(BsonWriter writer)
    {
        if (anyMarked)
            writer.TakeBack(starts);
    }

    private readonly int IndexOf(ReadOnlySpan<byte> name, BsonWriter writer)
    {
        if (lastOfHash is not null)
        {
            if (!lastOfHash.TryGetValue(Hash(name), out var index))
                return -1;
            if (Is(name, index, writer))
                return index;
        }

        for (var index = 0; index < starts.Count; index++)
            if (Is(name, index, writer))
                return index;
        return -1;
    }

    private readonly bool Is(ReadOnlySpan<byte> name, int index, BsonWriter writer) =>
        starts[index] >= 0 && NameAt(writer, starts[index]) is var at && at.StartsWith(name) && at[name.Length] == 0;

    private readonly Dictionary<ulong, int> HashAll(BsonWriter writer)
    {
        var hashes = new Dictionary<ulong, int>(2 * Few);
        for (var index = 0; index < starts.Count; index++)
            if (starts[index] >= 0 && NameAt(writer, starts[index]) is var at)
                hashes[Hash(at[..at.IndexOf((byte)0)])] = index;
        return hashes;
    }

    // Behind the byte of the type; the terminating NUL follows.
    private static ReadOnlySpan<byte> NameAt(BsonWriter writer, int element) => writer.Written.Span[(element + 1)..];

    // FNV-1a; a collision only costs a comparison of all names.
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in name)
            hash = (hash ^ b) * 1_099_511_628_211UL;
        return hash;
    }
}
