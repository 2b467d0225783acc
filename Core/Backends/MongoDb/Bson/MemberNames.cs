using System.Runtime.InteropServices;

namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>
/// The member names of a document while it is written: a repeated name replaces the earlier member. Replaced members are marked
/// and removed together at the end, so that an object that repeats all its names does not take quadratic time.
/// </summary>
internal ref struct MemberNames(BsonWriter writer)
{
    /// <summary>From this number of members on, hashes are cheaper than comparing names.</summary>
    private const int Few = 16;

    private readonly int first = writer.MemberStarts.Count;
    private Dictionary<ulong, int>? lastOfHash;
    private bool anyMarked;

    /// <summary>Adds a member; called before its element is written.</summary>
    public void Add(scoped ReadOnlySpan<byte> name)
    {
        var starts = writer.MemberStarts;
        if (starts.Count - first == Few)
            lastOfHash = Hashes();
        var hash = lastOfHash is null ? 0 : Hash(name);
        if (IndexOf(name, hash) is >= 0 and var earlier)
        {
            starts[earlier] = ~starts[earlier];
            anyMarked = true;
        }

        lastOfHash?[hash] = starts.Count;
        starts.Add(writer.Length);
    }

    /// <summary>Removes the replaced members; called at the end of the document.</summary>
    public readonly void End()
    {
        var starts = writer.MemberStarts;
        if (anyMarked)
            writer.TakeBack(CollectionsMarshal.AsSpan(starts)[first..]);
        starts.RemoveRange(first, starts.Count - first);
    }

    private readonly int IndexOf(scoped ReadOnlySpan<byte> name, ulong hash)
    {
        if (lastOfHash is not null)
        {
            if (!lastOfHash.TryGetValue(hash, out var last))
                return -1;
            if (Is(name, last))
                return last;
        }

        for (var index = first; index < writer.MemberStarts.Count; index++)
            if (Is(name, index))
                return index;
        return -1;
    }

    private readonly bool Is(scoped ReadOnlySpan<byte> name, int index) =>
        writer.MemberStarts[index] >= 0 && NameAt(index) is var element && element.StartsWith(name) && element[name.Length] == 0;

    private readonly Dictionary<ulong, int> Hashes()
    {
        var all = new Dictionary<ulong, int>(2 * Few);
        for (var index = first; index < writer.MemberStarts.Count; index++)
            if (writer.MemberStarts[index] >= 0)
                all[Hash(NameAt(index)[..NameAt(index).IndexOf((byte)0)])] = index;
        return all;
    }

    // The name starts after the type byte and ends before a NUL.
    private readonly ReadOnlySpan<byte> NameAt(int index) => writer.Written.Span[(writer.MemberStarts[index] + 1)..];

    // FNV-1a; a collision costs only a comparison of all names.
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in name)
            hash = (hash ^ b) * 1_099_511_628_211UL;
        return hash;
    }
}
