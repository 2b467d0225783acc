using Kollect.Core.Failures;

namespace Kollect.Host.Commands;

/// <summary>Exit codes; scripts rely on them.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked for.</summary>
    public const int Done = 0;

    /// <summary>Invalid or refused: a retry without a change fails again.</summary>
    public const int Refused = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A transient failure or an interruption: a retry may succeed.</summary>
    public const int TryLater = 3;

    public static int Of(Failure failure) => failure is Failure.TryLater ? TryLater : Refused;
}
