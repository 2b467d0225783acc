using Kollect.Core.Kubernetes;
using Kollect.Shell.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Shell.Kubernetes;

/// <summary>Records what happened to an object: in the log, and as an Event in the cluster.</summary>
/// <param name="action">The event's <c>action</c>, one CamelCase word: <c>Probe</c>.</param>
/// <param name="instance">The event's <c>reportingInstance</c>: the identity of this operator.</param>
internal sealed partial class EventRecorder(IKubernetesApi api, string action, string instance, TimeProvider time, ILogger log)
{
    private static readonly Resource Events = new("events.k8s.io", "v1", "events", Namespaced: true);

    /// <summary>Logs a failed write and goes on: the object's condition states the same fact.</summary>
    public async Task RecordAsync(ObjectIdentity regarding, Seq<ObjectEvent> recorded, CancellationToken cancel)
    {
        foreach (var it in recorded)
        {
            Recorded(log, regarding, it.Reason, it.Note);
            try
            {
                await api.CreateAsync(Events, regarding.EventNamespace, ObjectRequests.Event(regarding, action, it, time.GetUtcNow(), instance), cancel);
            }
            catch (ApiException failure)
            {
                CannotRecord(log, regarding, failure.Message);
            }
        }
    }

    [LoggerMessage(
        EventId = LogEvents.EventRecorded, EventName = nameof(LogEvents.EventRecorded), Level = LogLevel.Information,
        Message = "{Object}: {Reason}: {Note}")]
    private static partial void Recorded(ILogger log, ObjectIdentity @object, string reason, string note);

    [LoggerMessage(
        EventId = LogEvents.EventNotRecorded, EventName = nameof(LogEvents.EventNotRecorded), Level = LogLevel.Warning,
        Message = "{Object}: an event could not be written: {Why}")]
    private static partial void CannotRecord(ILogger log, ObjectIdentity @object, string why);
}
