using Kollect.Fuzz.Tests.Targets;

namespace Kollect.Fuzz.Tests.Engine;

/// <summary>A fault that is known and not corrected yet. Its findings are counted, and fail no test; the list is empty at its best.</summary>
/// <param name="Target">The name of the target; null = all.</param>
/// <param name="Exception">The name of the exception's type.</param>
/// <param name="Why">What is wrong, and what is missing.</param>
internal sealed record KnownFinding(string? Target, string Exception, string Why)
{
    public static IReadOnlyList<KnownFinding> All { get; } =
    [
        new(null, nameof(InvisibleCharacterException), "names and texts of others are shown as they are: keys, paths of unknown fields, servers' texts"),
        new("faults", nameof(OverlongMessageException), "a server's code is shown whatever its length"),
        .. new[]
        {
            "JsonReaderException", nameof(InvalidOperationException), nameof(KeyNotFoundException), nameof(OverflowException),
            nameof(ArgumentOutOfRangeException),
        }.Select(type => new KnownFinding("bigquery-answers", type, "an answer of another shape throws instead of being a failure")),
    ];

    /// <param name="kind">As <see cref="Finding.Kind"/>.</param>
    public static bool Is(FuzzTarget target, string kind) =>
        All.Any(it => (it.Target is null || it.Target == target.Name) && kind.StartsWith(it.Exception, StringComparison.Ordinal));
}
