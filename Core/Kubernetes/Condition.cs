using Kollect.Core.Formatting;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Kubernetes;

/// <summary>A condition without its times; <see cref="StatusCondition"/> adds them.</summary>
/// <param name="Type">In CamelCase: <c>Ready</c>.</param>
/// <param name="Reason">For programs: one CamelCase word.</param>
/// <param name="Message">For people: one line that contains nothing from a Secret.</param>
internal sealed record Condition(string Type, KollectConditionStatus Status, string Reason, string Message)
{
    /// <inheritdoc/>
    public string Message { get; init => field = Shown.Plain(value); } = Shown.Plain(Message);

    /// <summary>The condition type of an object whose spec is in effect.</summary>
    public const string Ready = "Ready";

    /// <summary>The condition type of an object with a failure or a warning.</summary>
    public const string Degraded = "Degraded";

    /// <summary>The condition type of an object that needs an action of a user.</summary>
    public const string Stalled = "Stalled";

    /// <summary>The condition type of an object that is being reconciled or retried.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>The API's limit on a condition's message, in characters (metav1.Condition).</summary>
    private const int MaxMessage = 32_768;

    /// <summary>The number of items that a message names.</summary>
    private const int MaxNamed = 10;

    /// <summary>The length of each of them, in characters.</summary>
    private const int MaxItem = 512;

    /// <summary>Conditions that share reason and message and differ in type and status. A message above the limit is truncated.</summary>
    internal static Seq<Condition> Row(Reason reason, string message, params IEnumerable<(string Type, KollectConditionStatus Status)> conditions) =>
        conditions.Select(it => new Condition(it.Type, it.Status, reason.Name, Shown.Cut(message, MaxMessage))).ToSeq().Strict();

    /// <summary>The condition with another message; one above the limit is truncated.</summary>
    internal Condition Saying(string message) => this with { Message = Shown.Cut(message, MaxMessage) };

    // 2 problems: KDB031 spec.postgres.table: …; KDB040 spec.options[password]: …
    /// <summary>The number of <paramref name="these"/> items, then the first of them.</summary>
    internal static string Summary<T>(string what, Seq<T> these) =>
        FormattableString.Invariant($"{these.Count} {what}{(these.Count == 1 ? "" : "s")}{(these.IsEmpty ? "" : ": ")}")
        + FirstFew.Of(these.Map(it => Shown.Cut($"{it}", MaxItem)), MaxNamed);
}
