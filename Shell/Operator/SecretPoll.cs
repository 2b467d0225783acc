using System.Collections.Concurrent;
using Kollect.Core.Reconciling;
using Kollect.Core.Sinks;
using Kollect.Shell.Kubernetes;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Operator;

/// <summary>Looks at the Secrets in use again and again, and tells whose have changed. Without list and watch there is no other way.</summary>
/// <param name="reader">Reads one.</param>
/// <param name="time">For the pauses.</param>
/// <param name="log">Where a Secret cannot be looked at.</param>
internal sealed partial class SecretPoll(SecretReader reader, TimeProvider time, ILogger log)
{
    private const int AtOnce = 8;

    private readonly ConcurrentDictionary<ObjectName, Use> uses = new();

    /// <summary>The sink has just been looked at with these Secrets; replaces what was known of it.</summary>
    public void Using(ObjectName sink, Seq<SecretLook> looks) => uses[sink] = new Use(looks.Map(look => look.Secret), SinkSecrets.VersionsOf(looks));

    /// <summary>The sink has gone.</summary>
    public void Forget(ObjectName sink) => uses.TryRemove(sink, out _);

    /// <summary>Until cancelled.</summary>
    /// <param name="changed">Called with each sink whose Secrets are no longer those of its last look, again and again until it is looked at.</param>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(Action<ObjectName> changed, CancellationToken cancel)
    {
        while (true)
        {
            var wanted = uses.Values.SelectMany(use => use.Secrets).Distinct().ToArray();
            await Task.Delay(SinkSecrets.PollEvery(wanted.Length), time, cancel);
            var looks = new ConcurrentDictionary<SecretRef, SecretLook>();
            await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (secret, stop) =>
            {
                try
                {
                    looks[secret] = await reader.LookAsync(secret, stop);
                }
                catch (KubernetesException failure)
                {
                    CannotLook(log, secret.Namespace, secret.Name, failure.Message);
                }
            });
            foreach (var (sink, use) in uses)
                if (use.Secrets.ForAll(looks.ContainsKey) && SinkSecrets.VersionsOf(use.Secrets.Map(secret => looks[secret])) != use.Versions)
                    changed(sink);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Secret {Namespace}/{Name} could not be looked at: {Why}")]
    private static partial void CannotLook(ILogger log, string @namespace, string name, string why);

    private sealed record Use(Seq<SecretRef> Secrets, string Versions);
}
