using System.Globalization;

namespace Kollect.Shell.Tests.Operator;

/// <summary>An object that changes a few times a second, so that every inventory of it is exported again and again.</summary>
internal sealed class Ticks : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource stop = new();
    private readonly Task run;

    private Ticks(KubernetesServer server) => run = Task.Run(() => RunAsync(server));

    public static Ticks Start(KubernetesServer server) => new(server);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await run;
        stop.Dispose();
    }

    private async Task RunAsync(KubernetesServer server)
    {
        for (var tick = 0; !stop.IsCancellationRequested; tick++)
        {
            await server.LoadAsync([string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"tick","namespace":"default"},"data":{"value":"{{{tick}}}"}}""")]);
            await Task.Delay(Pause, stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }
}
