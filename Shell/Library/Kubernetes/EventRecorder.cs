using Kollect.Core.Kubernetes;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Kubernetes;

/// <summary>Records events of an object, in the log and at the API server.</summary>
/// <param name="api">The API server.</param>
/// <param name="action">What the controller does, in one CamelCase word: <c>Probe</c>.</param>
/// <param name="instance">Which operator says so.</param>
/// <param name="time">For the time of the event.</param>
/// <param name="log">The log.</param>
internal sealed partial class EventRecorder(IKubernetesApi api, string action, string instance, TimeProvider time, ILogger log)
{
    private static readonly Resource Events = new("events.k8s.io", "v1", "events", Namespaced: true);

    /// <summary>An event that cannot be recorded is no reason to fail: the condition says the same.</summary>
    public async Task RecordAsync(ObjectIdentity regarding, Seq<ObjectEvent> recorded, CancellationToken cancel)
    {
        foreach (var it in recorded)
        {
            Recorded(log, regarding, it.Reason, it.Note);
            try
            {
                await api.CreateAsync(Events, regarding.EventNamespace, ObjectRequests.Event(regarding, action, it, time.GetUtcNow(), instance), cancel);
            }
            catch (KubernetesException failure)
            {
                CannotRecord(log, regarding, failure.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Object}: {Reason}: {Note}")]
    private static partial void Recorded(ILogger log, ObjectIdentity @object, string reason, string note);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Object}: an event could not be written: {Why}")]
    private static partial void CannotRecord(ILogger log, ObjectIdentity @object, string why);
}
