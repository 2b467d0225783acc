namespace Kollect.Fuzz.Tests.Engine;

/// <summary>
/// Random numbers of one input (SplitMix64; Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). Seed and iteration decide
/// them alone, on every machine and version of .NET.
/// </summary>
internal sealed class Dice(ulong seed, long iteration)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong state = Mixed(seed) ^ Mixed((ulong)iteration * Gamma);

    /// <summary>0..<paramref name="below"/> - 1; 0 where <paramref name="below"/> is 0.</summary>
    public int Next(int below) => below <= 0 ? 0 : (int)(Next() % (uint)below);

    /// <summary>True once in so many times.</summary>
    public bool Chance(int oneIn) => Next(oneIn) == 0;

    public T Pick<T>(IReadOnlyList<T> of) => of[Next(of.Count)];

    public ulong Next() => Mixed(state += Gamma);

    private static ulong Mixed(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
