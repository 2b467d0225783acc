using System.Globalization;

namespace Kollect.Fuzz.Tests.Engine;

/// <summary>The environment variables of the fuzzing project.</summary>
internal static class FuzzSettings
{
    /// <summary>Runs one input only: <c>TARGET:SEED:ITERATION</c>, as a finding prints it.</summary>
    public const string OneInput = "KOLLECT_FUZZ";

    /// <summary>The seed of all targets; otherwise a random one.</summary>
    public const string SeedOfRun = "KOLLECT_FUZZ_SEED";

    /// <summary>Seconds for each target.</summary>
    public const string SecondsOfTarget = "KOLLECT_FUZZ_SECONDS";

    /// <summary>Bytes of an input.</summary>
    public const int MaxInput = 64 << 10;

    public static ulong Seed { get; } =
        Value(SeedOfRun) is { } given ? ulong.Parse(given, CultureInfo.InvariantCulture) : (ulong)Random.Shared.NextInt64(1 << 30);

    public static TimeSpan Budget { get; } = TimeSpan.FromSeconds(
        Value(SecondsOfTarget) is { } given ? double.Parse(given, CultureInfo.InvariantCulture) : Soak.IsOn ? 60 : 1.2);

    /// <summary>Null = all targets run with <see cref="Seed"/>.</summary>
    public static (string Target, ulong Seed, long Iteration)? Only { get; } = Value(OneInput)?.Split(':') switch
    {
        null => null,
        [var target, var seed, var iteration] =>
            (target, ulong.Parse(seed, CultureInfo.InvariantCulture), long.Parse(iteration, CultureInfo.InvariantCulture)),
        _ => throw new FormatException($"{OneInput} is TARGET:SEED:ITERATION"),
    };

    private static string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
