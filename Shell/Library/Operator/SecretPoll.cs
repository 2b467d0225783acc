using System.Collections.Concurrent;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Secrets;
using Kollect.Shell.Kubernetes;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Operator;

/// <summary>Polls the versions of the Secrets in use: the operator may not list or watch them.</summary>
/// <param name="sinks">The sinks whose Secrets are polled.</param>
/// <param name="log">For Secrets that cannot be read.</param>
internal sealed partial class SecretPoll(ObjectCache<SinkObject, CachedSink> sinks, SecretReader reader, TimeProvider time, ILogger log)
{
    private const int AtOnce = 8;

    /// <summary>Until cancelled.</summary>
    /// <param name="changed">Called with each sink whose Secrets are no longer those of its last reconcile, after each poll until the next reconcile.</param>
    public async Task RunAsync(Action<ObjectName> changed, CancellationToken cancel)
    {
        while (true)
        {
            var uses = sinks.All.Select(sink => (sink.Name, Secrets: sink.Secrets ?? [])).ToArray();
            var wanted = uses.SelectMany(use => use.Secrets.Select(used => used.Secret)).Distinct().ToArray();
            await Task.Delay(Waits.Secrets(wanted.Length), time, cancel);
            var versions = new ConcurrentDictionary<SecretRef, string>();
            await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (secret, stop) =>
            {
                try
                {
                    versions[secret] = await reader.VersionAsync(secret, stop);
                }
                catch (ApiException failure)
                {
                    CannotRead(log, secret.Namespace, secret.Name, failure.Message);
                }
            });
            foreach (var (name, secrets) in uses)
                if (secrets.Any(used => versions.TryGetValue(used.Secret, out var version) && version != used.Version))
                    changed(name);
        }
    }

    [LoggerMessage(
        EventId = LogEvents.SecretNotRead, EventName = nameof(LogEvents.SecretNotRead), Level = LogLevel.Debug,
        Message = "Secret {Namespace}/{Name} could not be read: {Why}")]
    private static partial void CannotRead(ILogger log, string @namespace, string name, string why);
}
