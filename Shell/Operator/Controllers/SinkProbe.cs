using Kollect.Core.Exports;
using Kollect.Core.Operator;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends;
using Kollect.Shell.Concurrency;
using Kollect.Shell.Exports;

namespace Kollect.Operator.Controllers;

/// <summary>
/// Runs the probes of all sinks, a limited number at once; probes of failing sinks never delay the others, nor do those of another namespace. A probe
/// counts for the namespace of its sink: who writes the sink chooses the server that it waits for.
/// </summary>
internal sealed class SinkProbe(OperatorOptions options, BackendSet backends)
{
    private readonly Bulkhead bulkhead = new(options.MaxConcurrentProbes, options.HasTenants);

    /// <summary>Expected failures are values.</summary>
    /// <param name="secrets">Each of its Secrets, as it was read.</param>
    /// <param name="failedLast">The last probe of this sink failed.</param>
    public async Task<ProbeResult> RunAsync(Sink sink, Seq<SecretReadResult> secrets, bool failedLast, CancellationToken cancel)
    {
        using var slot = await bulkhead.EnterAsync(sink.Settings.Namespace, failedLast, cancel);
        return await SinkSecrets.Resolve(options.CrossNamespaceSecrets, sink, secrets)
            .Bind(find => ProbeTable.Of(sink).Bind(at => backends.With(find).Open(sink, at)))
            .MatchAsync(
                RightAsync: destination => RunAsync(sink, destination, cancel),
                Left: failure => new ProbeResult.Failed(failure));
    }

    private static async Task<ProbeResult> RunAsync(Sink sink, IDestination opened, CancellationToken cancel)
    {
        await using var destination = opened;
        return sink.Settings.NamingTemplate.IsNone
            ? await destination.ProbeAsync(cancel)
            : ProbeTable.ResultOf(sink, await destination.PlanAsync(cancel));
    }
}
