namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>A machine whose clock is set wrong.</summary>
/// <param name="ahead">Of the right time; negative = behind it.</param>
internal sealed class SkewedTime(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
