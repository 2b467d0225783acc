using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>The circuit breakers of all sinks: one per sink, whichever inventory exports through it.</summary>
public sealed record SinkBreakers
{
    private SinkBreakers(HashMap<SinkName, CircuitBreaker> known) => Known = known;

    /// <summary>Nothing is known of any sink.</summary>
    public static SinkBreakers None { get; } = new(HashMap<SinkName, CircuitBreaker>());

    private HashMap<SinkName, CircuitBreaker> Known { get; init; }

    /// <summary>What is known of a sink in this version.</summary>
    public CircuitBreaker Of(SinkName sink, SinkVersion version) => Find(sink).IfNone(() => CircuitBreaker.New(version)).For(version);

    /// <summary>None = nothing.</summary>
    public Option<CircuitBreaker> Find(SinkName sink) => Known.Find(sink);

    /// <summary>With what has been learnt of a sink.</summary>
    public SinkBreakers With(SinkName sink, CircuitBreaker breaker) => new(Known.AddOrUpdate(sink, breaker));

    /// <summary>All exports of an inventory were cancelled, and their ends will not be reported.</summary>
    public SinkBreakers Abandoned(InventoryName who, DateTimeOffset now) => new(Known.Map(it => it.Abandoned(who, now)));
}
