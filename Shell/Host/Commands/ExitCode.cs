using Kollect.Core.Failures;

namespace Kollect.Host.Commands;

/// <summary>What a script may rely on.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Invalid or refused: trying again without a change cannot help.</summary>
    public const int Refused = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A transient failure or an interruption: try again.</summary>
    public const int TryLater = 3;

    public static int Of(Failure failure) => failure is Failure.TryLater ? TryLater : Refused;
}
