using System.Runtime.InteropServices;

namespace Kollect.Core.Backends.MongoDb.Bson;

/// <summary>
/// The members that a document under construction has so far: one that comes again takes the place of the earlier one. Those are
/// only marked, and taken out together at the end, so that an object that repeats all its names costs no square of time.
/// </summary>
/// <param name="writer">Writes the document; lends the list of where its elements start.</param>
internal ref struct MemberNames(BsonWriter writer)
{
    /// <summary>Above this many members hashes are cheaper than comparing names.</summary>
    private const int Few = 16;

    private readonly int first = writer.MemberStarts.Count;
    private Dictionary<ulong, int>? lastOfHash;
    private bool anyMarked;

    /// <summary>Call before the element is written.</summary>
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

    /// <summary>Call when the document ends.</summary>
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

    // Behind the byte of the type; the terminating NUL follows.
    private readonly ReadOnlySpan<byte> NameAt(int index) => writer.Written.Span[(writer.MemberStarts[index] + 1)..];

    // FNV-1a; a collision only costs a comparison of all names.
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var b in name)
            hash = (hash ^ b) * 1_099_511_628_211UL;
        return hash;
    }
}
