namespace Kollect.Tests.Support;

/// <summary>Whether the tests run in their long form: <c>make soak</c> sets <c>KOLLECT_SOAK</c>.</summary>
public static class Soak
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("KOLLECT_SOAK") is { Length: > 0 };

    /// <summary>How often an operator is killed under churn: <c>KOLLECT_KILLS</c>, else 1,000 in the long form and 5 in the short one.</summary>
    public static int Kills { get; } = int.TryParse(Environment.GetEnvironmentVariable("KOLLECT_KILLS"), out var kills) ? kills : IsOn ? 1_000 : 5;
}
