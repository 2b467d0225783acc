using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>
/// A compiled JSONPath in the syntax of Kubernetes (kubectl's "JSONPath Support"): <c>$.spec.replicas</c>, <c>{.items[*].name}</c>,
/// <c>$.metadata.labels['example.com/team']</c>, <c>.status.conditions[?(@.type=="Ready")].status</c>.
/// </summary>
/// <remarks>
/// A path to an absent field finds no value and is not an error. A filter contains one comparison, or a path that must find a value.
/// Two paths with equal steps are equal, also if they are written differently.
/// </remarks>
internal sealed record JsonPath
{
    /// <summary>The maximum length of a path in characters, as in the schema of <c>KollectProfile</c>.</summary>
    public const int MaxLength = 1024;

    /// <summary>
    /// The maximum number of <c>..</c> in a path, filters included: each of them can visit every value below every value that was found before it.
    /// </summary>
    public const int MaxDescents = 2;

    private const string CelPrefix = "cel:";

    private readonly string text;

    private JsonPath(string text, Seq<PathStep> steps) => (this.text, Steps) = (text, steps);

    /// <summary>True = the path consists of names and single indices, so it finds one value at most.</summary>
    public bool IsDefinite => Steps.ForAll(step => step is PathStep.Field or PathStep.Item);

    internal Seq<PathStep> Steps { get; }

    /// <summary>The path, or the first error of the text. Never throws.</summary>
    public static Either<JsonPathError, JsonPath> Compile(string text)
    {
        if (text.Length > MaxLength)
            return new JsonPathError(
                text, MaxLength, FormattableString.Invariant($"the path goes on to {text.Length:N0} characters; at most {MaxLength:N0} are possible"));
        if (text.TrimStart().StartsWith(CelPrefix, StringComparison.OrdinalIgnoreCase))
            return new JsonPathError(
                text,
                0,
                $"{CelPrefix} begins an expression in CEL, which is possible in the path of an attribute only; write a JSONPath such as $.spec.replicas");
        if (LoneSurrogate(text) is var lone and >= 0)
            return new JsonPathError(text, lone, "this is half a surrogate pair, which no text in JSON can contain");
        var cursor = new PathCursor(text);
        var steps = PathParser.Document(cursor);
        return cursor.Error is { } error ? Left<JsonPathError, JsonPath>(error) : Right<JsonPathError, JsonPath>(new JsonPath(text, steps));
    }

    /// <summary>
    /// The path of a JSON Pointer (RFC 6901), such as <c>/metadata/labels/example.com~1team</c>. A token of digits finds a field or an item of a list.
    /// </summary>
    public static Either<JsonPathError, JsonPath> OfPointer(string pointer)
    {
        if (pointer.Length > MaxLength)
            return new JsonPathError(pointer, MaxLength, FormattableString.Invariant($"at most {MaxLength:N0} characters are possible"));
        if (pointer.Length > 0 && pointer[0] != '/')
            return new JsonPathError(pointer, 0, "a JSON Pointer begins with a slash; a JSONPath belongs into jsonPaths");
        for (var at = pointer.IndexOf('~', StringComparison.Ordinal); at >= 0; at = pointer.IndexOf('~', at + 1))
            if (at + 1 == pointer.Length || pointer[at + 1] is not ('0' or '1'))
                return new JsonPathError(pointer, at, "~ stands only in ~0, which means ~, and in ~1, which means /");
        if (LoneSurrogate(pointer) is var lone and >= 0)
            return new JsonPathError(pointer, lone, "this is half a surrogate pair, which no text in JSON can contain");
        return new JsonPath(pointer, pointer.Split('/').Skip(1).Select(Step).ToArray().ToSeq());

        static PathStep Step(string token)
        {
            var name = token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            return int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var index)
                ? new PathStep.Union(Seq<PathStep>(new PathStep.Field(name), new PathStep.Item(index)))
                : new PathStep.Field(name);
        }
    }

    /// <summary>
    /// All values that the path finds, in document order, with numbers as they are written. Left = the evaluation visits more than 250,000 values, as
    /// only paths with several wildcards do, or with <c>..</c>. Never throws for a document without lone surrogates.
    /// </summary>
    /// <param name="root">Must not be disposed before the values have been used.</param>
    public Either<string, Seq<JsonElement>> Evaluate(JsonElement root) => Evaluate(root, new PathBudget(0));

    /// <summary>The same for one of several paths over the same document.</summary>
    internal Either<string, Seq<JsonElement>> Evaluate(JsonElement root, PathBudget budget) =>
        Find(root, budget).Map(nodes => nodes.Map(node => node.Value).Strict());

    /// <summary>The same, with the location of each value.</summary>
    internal Either<string, Seq<PathNode>> Find(JsonElement root, PathBudget budget)
    {
        var found = PathEvaluation.Run(root, Steps, budget);
        return budget.IsExceeded ? Left<string, Seq<PathNode>>(budget.Why) : Right<string, Seq<PathNode>>(found.ToSeq());
    }

    /// <inheritdoc/>
    public bool Equals(JsonPath? other) => other is not null && Steps == other.Steps;

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.GetHashCode();

    /// <summary>The path as it was written.</summary>
    public override string ToString() => text;

    /// <summary>The index of the first lone surrogate; -1 = there is none.</summary>
    private static int LoneSurrogate(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (char.IsSurrogatePair(text, at))
                at++;
            else if (char.IsSurrogate(text[at]))
                return at;
        return -1;
    }
}
