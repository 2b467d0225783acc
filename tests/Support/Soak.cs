namespace Kollect.Tests.Support;

/// <summary>Whether the tests run in their long form: <c>make soak</c> sets <c>KOLLECT_SOAK</c>.</summary>
public static class Soak
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("KOLLECT_SOAK") is { Length: > 0 };
}
