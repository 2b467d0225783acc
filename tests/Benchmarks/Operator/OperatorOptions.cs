using System.Globalization;

namespace Kollect.Benchmarks.Operator;

/// <summary>The options of <c>--only operator</c>.</summary>
/// <param name="Objects">Sizes of the inventory, ascending.</param>
/// <param name="Changes">Changes of one object at rest, over all rounds.</param>
/// <param name="Rounds">Rounds; the contestants alternate, and each round starts with another one.</param>
/// <param name="Churn">Length of the churn.</param>
/// <param name="Rest">Length of the rest.</param>
/// <param name="Settle">Pause between a visible row and the next change: a change at rest is not one of a series.</param>
/// <param name="Bulk">Objects that change at once.</param>
/// <param name="Parts">See <see cref="AllParts"/>; null = all, below 10,000 objects only <c>change</c>.</param>
/// <param name="Contestants">See <see cref="AllContestants"/>.</param>
/// <param name="Against">A published <c>kollect</c>, or its folder; null = none given.</param>
/// <param name="AgainstCommit">The commit to build and compare with; null = none.</param>
internal sealed record OperatorOptions(
    IReadOnlyList<int> Objects,
    int Changes,
    int Rounds,
    TimeSpan Churn,
    TimeSpan Rest,
    TimeSpan Settle,
    int Bulk,
    IReadOnlyList<string>? Parts,
    IReadOnlyList<string> Contestants,
    string? Against,
    string? AgainstCommit)
{
    /// <summary>Creations per second of the churn, and as many deletions.</summary>
    public const int Rate = 100;

    public static readonly IReadOnlyList<string> AllParts = ["change", "bulk", "churn", "rest", "restart"];

    public static readonly IReadOnlyList<string> AllContestants = ["ours", "before", "floor"];

    /// <summary>The options, each of which takes a value.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["--objects", "--changes", "--rounds", "--parts", "--contestants", "--against", "--against-commit"];

    private static readonly OperatorOptions Full = new(
        [1_000, 10_000, 100_000],
        Changes: 200,
        Rounds: 2,
        Churn: TimeSpan.FromMinutes(1),
        Rest: TimeSpan.FromMinutes(2),
        Settle: TimeSpan.FromMilliseconds(400),
        Bulk: 1_000,
        Parts: null,
        AllContestants,
        Against: null,
        AgainstCommit: "HEAD~1");

    private static readonly OperatorOptions Quick = Full with
    {
        Objects = [1_000],
        Changes = 20,
        Rounds = 1,
        Churn = TimeSpan.FromSeconds(3),
        Rest = TimeSpan.FromSeconds(3),
        Settle = TimeSpan.FromMilliseconds(100),
        Bulk = 200,
        Parts = AllParts,
        AgainstCommit = null,
    };

    /// <summary>Changes of each process that are not counted: new code is still being compiled.</summary>
    public int WarmUp => Math.Max(2, Changes / Rounds / 10);

    /// <summary>Reads the arguments that concern the operator.</summary>
    /// <exception cref="FormatException">A value is not one of the allowed ones; the message names these.</exception>
    public static OperatorOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = arguments.Contains("--quick") ? Quick : Full;
        var index = 0;
        for (; index < arguments.Count; index++)
            options = arguments[index] switch
            {
                "--objects" => options with { Objects = [.. List().Select(Positive).Order()] },
                "--changes" => options with { Changes = Positive(Value()) },
                "--rounds" => options with { Rounds = Positive(Value()) },
                "--parts" => options with { Parts = Of(AllParts) },
                "--contestants" => options with { Contestants = Of(AllContestants) },
                "--against" => options with { Against = Value(), AgainstCommit = null },
                "--against-commit" => options with { AgainstCommit = Value(), Against = null },
                _ => options,
            };
        return options.Changes >= options.Rounds ? options : throw new FormatException("--changes is less than --rounds: a round would have no change");

        string Value() => ++index < arguments.Count ? arguments[index] : throw new FormatException($"{arguments[index - 1]} needs a value");

        string[] List() => Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        string[] Of(IReadOnlyList<string> allowed)
        {
            var (name, given) = (arguments[index], List());
            return given.Except(allowed).Any() ? throw new FormatException($"{name} takes {string.Join(", ", allowed)}, separated by commas") : given;
        }

        int Positive(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"{text} is no positive number");
    }

    /// <summary>Whether a part is measured at a size.</summary>
    public bool Runs(string part, int objects) => Parts?.Contains(part) ?? (part == "change" || objects >= 10_000);
}
