using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>The circuit breakers of all sinks: one per sink, shared by all inventories.</summary>
internal sealed record SinkBreakers
{
    private SinkBreakers(HashMap<SinkName, CircuitBreaker> known) => Known = known;

    /// <summary>The breakers without any state.</summary>
    public static SinkBreakers None { get; } = new(HashMap<SinkName, CircuitBreaker>());

    private HashMap<SinkName, CircuitBreaker> Known { get; init; }

    /// <summary>The breaker of a sink in this version.</summary>
    public CircuitBreaker Of(SinkName sink, SinkVersion version) => Find(sink).IfNone(() => CircuitBreaker.New(version)).For(version);

    /// <summary>None = nothing.</summary>
    public Option<CircuitBreaker> Find(SinkName sink) => Known.Find(sink);

    /// <summary>The breakers with the new state of a sink.</summary>
    public SinkBreakers With(SinkName sink, CircuitBreaker breaker) => new(Known.AddOrUpdate(sink, breaker));

    /// <summary>The state after all exports of an inventory were cancelled without a report of their ends.</summary>
    public SinkBreakers Abandoned(InventoryName who, DateTimeOffset now) => new(Known.Map(it => it.Abandoned(who, now)));
}
