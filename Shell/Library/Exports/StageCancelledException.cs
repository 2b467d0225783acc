using Kollect.Core.Failures;

namespace Kollect.Shell.Exports;

/// <summary>The operation was cancelled, and nothing was written.</summary>
/// <param name="stage">The step that was cancelled.</param>
internal sealed class StageCancelledException(Stage stage, CancellationToken cancel)
    : OperationCanceledException($"cancelled in the stage {stage}", cancel)
{
    public Stage Stage => stage;
}
