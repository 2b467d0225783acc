using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>
/// A JSONPath as Kubernetes writes it (kubectl's "JSONPath Support"), compiled once: <c>$.spec.replicas</c>, <c>{.items[*].name}</c>,
/// <c>$.metadata.labels['example.com/team']</c>, <c>.status.conditions[?(@.type=="Ready")].status</c>.
/// </summary>
/// <remarks>
/// What is not there finds nothing, and is no error. Filters hold one comparison, or a path that must find something.
/// Two paths are equal when their steps are, however they are written.
/// </remarks>
public sealed record JsonPath
{
    /// <summary>Characters of a path; also the limit in the schema of <c>KollectProfile</c>.</summary>
    public const int MaxLength = 1024;

    /// <summary>
    /// Values that one evaluation looks at; only several wildcards or <c>..</c> in one path reach it. Above it the evaluation ends without a result.
    /// </summary>
    public const int MaxValues = 100_000;

    private const string CelPrefix = "cel:";

    private JsonPath(Seq<PathStep> steps) => Steps = steps;

    /// <summary>It finds one value at most: names and single indices only.</summary>
    public bool IsDefinite => Steps.ForAll(step => step is PathStep.Field or PathStep.Item);

    internal Seq<PathStep> Steps { get; }

    /// <summary>The path, or the first thing that is wrong with the text. Never throws, for any text.</summary>
    public static Either<JsonPathError, JsonPath> Compile(string text)
    {
        if (text.Length > MaxLength)
            return new JsonPathError(text, MaxLength, FormattableString.Invariant($"the path goes on to {text.Length:N0} characters; at most {MaxLength:N0} are possible"));
        if (text.TrimStart().StartsWith(CelPrefix, StringComparison.OrdinalIgnoreCase))
            return new JsonPathError(text, 0, $"{CelPrefix} begins an expression in CEL, which is not evaluated here; write a JSONPath such as $.spec.replicas");
        if (HalfSurrogate(text) is var half and >= 0)
            return new JsonPathError(text, half, "half a surrogate pair stands here, which no text in JSON can hold");
        var cursor = new PathCursor(text);
        var steps = PathParser.Document(cursor);
        return cursor.Error is { } error ? Left<JsonPathError, JsonPath>(error) : Right<JsonPathError, JsonPath>(new JsonPath(steps));
    }

    /// <summary>
    /// All values that the path finds, in the order of the document, numbers as they are written. Left = it would look at more than <see cref="MaxValues"/>.
    /// Never throws for a document whose texts hold no half of a surrogate pair.
    /// </summary>
    /// <param name="root">Not disposed of before the values have been used.</param>
    public Either<string, Seq<JsonElement>> Evaluate(JsonElement root) => Find(root).Map(nodes => nodes.Map(node => node.Value).Strict());

    /// <summary>The same, with the place of each value.</summary>
    internal Either<string, Seq<PathNode>> Find(JsonElement root)
    {
        var found = PathEvaluation.Run(root, Steps);
        return found is null
            ? Left<string, Seq<PathNode>>(FormattableString.Invariant($"looks at more than {MaxValues:N0} values; write fewer wildcards"))
            : Right<string, Seq<PathNode>>(found.ToSeq());
    }

    /// <summary>Index of the first one; -1 = there is none.</summary>
    private static int HalfSurrogate(string text)
    {
        for (var at = 0; at < text.Length; at++)
            if (char.IsSurrogatePair(text, at))
                at++;
            else if (char.IsSurrogate(text[at]))
                return at;
        return -1;
    }
}
