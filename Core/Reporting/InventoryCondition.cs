namespace Kollect.Core.Reporting;

/// <summary>Whether a condition holds. Where refs are put together, the last of these that any of them says counts.</summary>
public enum ConditionStatus
{
    /// <summary>It holds.</summary>
    True,

    /// <summary>Nobody can tell yet.</summary>
    Unknown,

    /// <summary>It does not hold.</summary>
    False,
}

/// <summary>What a condition says, before it is known since when.</summary>
/// <param name="Type">In CamelCase: <c>Ready</c>.</param>
/// <param name="Status">Whether it holds.</param>
/// <param name="Reason">For programs: one CamelCase word.</param>
/// <param name="Message">For people: one line, free of anything from a Secret.</param>
public sealed record InventoryCondition(string Type, ConditionStatus Status, string Reason, string Message)
{
    /// <summary>The API's limit on a condition's message, in characters (metav1.Condition).</summary>
    private const int MaxMessage = 32_768;

    /// <summary>Never ends in the middle of a character outside of the basic plane.</summary>
    internal static string Cut(string message) => message.Length <= MaxMessage
        ? message
        : message[..(MaxMessage - (char.IsHighSurrogate(message[MaxMessage - 2]) ? 2 : 1))] + "…";
}

/// <summary>A condition as it stands in a status.</summary>
/// <param name="Said">What it says.</param>
/// <param name="Generation">Of the inventory's spec when it was said.</param>
/// <param name="Since">When its status last changed, in whole seconds.</param>
public sealed record StatedCondition(InventoryCondition Said, long Generation, DateTimeOffset Since)
{
    /// <summary>What is to be said now; the time moves only with the status.</summary>
    public static Seq<StatedCondition> Of(Seq<InventoryCondition> wanted, Seq<StatedCondition> before, long generation, DateTimeOffset now) =>
        wanted.Map(it => new StatedCondition(
            it,
            generation,
            before.Find(old => old.Said.Type == it.Type && old.Said.Status == it.Status).Match(
                old => old.Since,
                () => now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond))))).Strict();
}
