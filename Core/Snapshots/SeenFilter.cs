namespace Kollect.Core.Snapshots;

/// <summary>
/// A set of fingerprints: exact up to 65,536 of them, in about 40 bytes each, then in 8 MiB, whatever their number. It has no false negatives; with ten million
/// fingerprints about one new fingerprint in 500 is a false positive.
/// </summary>
internal sealed class SeenFilter
{
    private const int Few = 1 << 16;
    private const int Words = 1 << 20; // 8 MiB of 64-bit words

    private System.Collections.Generic.HashSet<UInt128>? few = [];

    /// <summary>A Bloom filter with 4 probes; empty while the fingerprints are few.</summary>
    private ulong[] bits = [];

    /// <summary>Adds the fingerprint. False = it is new; true = it may have been added before.</summary>
    public bool MaybeSeen(UInt128 fingerprint)
    {
        if (few is null)
            return Probe(fingerprint);
        if (!few.Add(fingerprint))
            return true;
        if (few.Count <= Few)
            return false;
        bits = new ulong[Words];
        foreach (var it in few)
            Probe(it);
        few = null;
        return false;
    }

    private bool Probe(UInt128 fingerprint)
    {
        var (a, b) = ((ulong)fingerprint, (ulong)(fingerprint >> 64) | 1);
        var seen = true;
        for (var probe = 0; probe < 4; probe++, a += b)
        {
            var bit = a % (Words * 64UL);
            var mask = 1UL << (int)(bit & 63);
            seen &= (bits[bit >> 6] & mask) != 0;
            bits[bit >> 6] |= mask;
        }

        return seen;
    }
}
