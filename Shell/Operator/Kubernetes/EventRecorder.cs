using Kollect.Core.Kubernetes;
using Kollect.Operator.Telemetry;
using Microsoft.Extensions.Logging;

namespace Kollect.Operator.Kubernetes;

/// <summary>Records what happened to an object: in the log, and as an Event in the cluster.</summary>
/// <param name="action">The event's <c>action</c>, one CamelCase word: <c>Probe</c>.</param>
/// <param name="reporter">The process that reports.</param>
internal sealed partial class EventRecorder(IKubernetesApi api, string action, EventReporter reporter, TimeProvider time, ILogger log)
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
                await CreateAsync(regarding, it, cancel);
            }
            catch (ApiException failure)
            {
                CannotRecord(log, regarding, failure.Message);
            }
        }
    }

    private async Task CreateAsync(ObjectIdentity regarding, ObjectEvent it, CancellationToken cancel)
    {
        var (now, instance, own) = (time.GetUtcNow(), reporter.Instance, reporter.Namespace);
        try
        {
            await api.CreateAsync(Events, regarding.EventNamespace, ObjectRequests.Event(regarding, action, it, now, instance), cancel);
        }
        catch (ApiException ended) when (ended.Kind is ApiError.NamespaceTerminating or ApiError.NotFound && own.Length > 0)
        {
            // The namespace accepts nothing new, or is gone.
            await api.CreateAsync(Events, own, ObjectRequests.EventOfTerminating(own, regarding, action, it, now, instance), cancel);
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

/// <summary>The process that reports events.</summary>
/// <param name="Instance">The event's <c>reportingInstance</c>: the name of the operator's pod.</param>
/// <param name="Namespace">
/// The operator's own, for events that the namespace of their object does not accept; where it is empty, they are in the log alone.
/// </param>
internal sealed record EventReporter(string Instance, string Namespace);
