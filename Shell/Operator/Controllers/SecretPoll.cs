using System.Collections.Concurrent;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Operator;
using Kollect.Core.Secrets;
using Kollect.Operator.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Controllers;

/// <summary>Polls the versions of the Secrets in use: the operator may not list or watch them.</summary>
/// <param name="sinks">The sinks whose Secrets are polled.</param>
/// <param name="policy">What a sink may not use has one version for it, whether it exists or not.</param>
/// <param name="interval">The time between two reads of a Secret while its sinks work; see <see cref="Waits.Secrets"/>.</param>
/// <param name="log">For Secrets that cannot be read.</param>
internal sealed partial class SecretPoll(
    ObjectCache<SinkObject, CachedSink> sinks,
    SecretReader reader,
    CrossNamespacePolicy policy,
    TimeSpan interval,
    TimeProvider time,
    ILogger log)
{
    private const int AtOnce = 8;

    /// <summary>Until cancelled.</summary>
    /// <param name="changed">Called with each sink whose Secrets are no longer those of its last reconcile.</param>
    public async Task RunAsync(Action<ObjectName> changed, CancellationToken cancel)
    {
        var polled = new Dictionary<SecretRef, DateTimeOffset>();
        while (true)
        {
            await Task.Delay(Waits.SecretPolls, time, cancel);
            var uses = sinks.All.Choose(sink => Optional(sink.Secrets).Map(read => (Sink: sink, Read: read, Wait: Wait(sink)))).ToArray();
            var due = (from use in uses
                       from secret in use.Read.Versions
                       group (At: Later(polled, secret.Secret, use.Read.At) + use.Wait, use.Sink.Name.Namespace) by secret.Secret into times
                       let next = times.Min()
                       where next.At <= time.GetUtcNow()
                       orderby next.At
                       select (Secret: times.Key, next.Namespace)).ToArray();
            var polls = due.InTurn(it => it.Namespace).Take(Waits.MaxSecretsAtOnce).ToArray();
            var heads = await HeadsAsync(polls, cancel);
            foreach (var (secret, _) in polls)
                polled[secret] = time.GetUtcNow();
            foreach (var (sink, read, _) in uses)
                if (read.Versions.Any(used => heads.TryGetValue(used.Secret, out var head) && VersionFor(sink, head) != used.Version))
                    changed(sink.Name);
            foreach (var unused in polled.Keys.Except(uses.SelectMany(use => use.Read.Versions.Select(used => used.Secret))).ToArray())
                polled.Remove(unused);
        }
    }

    private TimeSpan Wait(CachedSink sink) => Waits.Secrets(interval, sink.SecretsExpectedSince.Map(since => time.GetUtcNow() - since));

    private static DateTimeOffset Later(Dictionary<SecretRef, DateTimeOffset> polled, SecretRef secret, DateTimeOffset reconciled) =>
        polled.TryGetValue(secret, out var at) && at > reconciled ? at : reconciled;

    private string VersionFor(CachedSink sink, SecretReadResult head) =>
        sink.Latest.Spec.Match(Right: it => SinkSecrets.Permit(policy, it, Seq1(head)).Head, Left: _ => head).Version;

    private async Task<ConcurrentDictionary<SecretRef, SecretReadResult>> HeadsAsync((SecretRef Secret, string Namespace)[] polls, CancellationToken cancel)
    {
        var heads = new ConcurrentDictionary<SecretRef, SecretReadResult>();
        await Parallel.ForEachAsync(polls, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel }, async (poll, stop) =>
        {
            var (secret, @namespace) = poll;
            try
            {
                heads[secret] = await reader.HeadAsync(@namespace, secret, stop);
            }
            catch (ApiException failure)
            {
                CannotRead(log, secret.Namespace, secret.Name, failure.Message);
            }
        });
        return heads;
    }

    [LoggerMessage(
        EventId = LogEvents.SecretNotRead, EventName = nameof(LogEvents.SecretNotRead), Level = LogLevel.Debug,
        Message = "Secret {Namespace}/{Name} could not be read: {Why}")]
    private static partial void CannotRead(ILogger log, string @namespace, string name, string why);
}
