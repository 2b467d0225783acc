using System.Globalization;
using System.Text;

namespace Kollect.Fuzz.Tests.Engine;

/// <summary>One input that broke a rule.</summary>
/// <param name="Seed">With the iteration it makes the input again.</param>
/// <param name="Iteration">-1 = a seed or a file of <c>Found</c>, not a made input.</param>
/// <param name="Why">The exception, or the bound and its excess.</param>
/// <param name="Kind">Equal for findings of probably the same cause.</param>
internal sealed record Finding(FuzzTarget Target, ulong Seed, long Iteration, byte[] Input, string Why, string Kind)
{
    private const int Shown = 400;

    /// <summary>The smallest input that was found to break the same rule.</summary>
    public byte[] Reduced { get; init; } = Input;

    /// <summary>The value of <see cref="FuzzSettings.OneInput"/> that runs the input again.</summary>
    public string Replay => string.Create(CultureInfo.InvariantCulture, $"{Target.Name}:{Seed}:{Iteration}");

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target.Name}: {Why}\n  input of {Input.Length} bytes: {(Iteration < 0 ? "a file" : $"{FuzzSettings.OneInput}={Replay}")}"
            + $"\n  reduced to {Reduced.Length} bytes: {Preview(Reduced)}");

    private static string Preview(byte[] input)
    {
        var text = new StringBuilder();
        foreach (var letter in Encoding.Latin1.GetString(input.AsSpan(0, Math.Min(input.Length, Shown))))
            text.Append(letter is >= ' ' and <= '~' ? letter.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}"));
        return text.Append(input.Length > Shown ? "…" : "").ToString();
    }
}

/// <summary>The figures of one run.</summary>
internal sealed record FuzzReport(FuzzTarget Target, ulong Seed, long Inputs, TimeSpan Elapsed, TimeSpan Slowest, IReadOnlyList<Finding> Findings)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target.Name}: seed {Seed}, {Inputs} inputs in {Elapsed.TotalSeconds:0.0} s, {Inputs / Math.Max(Elapsed.TotalSeconds, 0.001):0} a second, "
            + $"slowest {Slowest.TotalMilliseconds:0} ms, {Findings.Count} findings");
}
