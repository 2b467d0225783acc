using Kollect.Shell.Exports;

namespace Kollect.Operator.Controllers;

/// <summary>An open destination, and the sink and Secrets that it was opened with.</summary>
internal sealed class OpenDestination(IDestination destination, HeldSink used) : IAsyncDisposable
{
    public IDestination Destination => destination;

    public HeldSink Used => used;

    public ValueTask DisposeAsync() => destination.DisposeAsync();
}
