using System.Text.Json;
using Kollect.Core.Collection.Cel;
using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Collection;

/// <summary>Where the value of an attribute is found: a JSONPath, or an expression in CEL. Closed.</summary>
internal abstract record AttributePath
{
    private const string HelmPrefix = "helm:";

    private AttributePath() { }

    /// <summary>True = it gives one value at most.</summary>
    public abstract bool IsDefinite { get; }

    /// <summary>A path of the object.</summary>
    public sealed record Json(JsonPath Path) : AttributePath
    {
        /// <inheritdoc/>
        public override bool IsDefinite => Path.IsDefinite;

        /// <inheritdoc/>
        public override Either<string, Seq<JsonElement>> Evaluate(JsonElement root, bool isOptional, PathBudget budget) => Path.Evaluate(root, budget);

        /// <inheritdoc/>
        public override string ToString() => Path.ToString();
    }

    /// <summary><c>cel:</c> and an expression.</summary>
    public sealed record Expression(CelExpression Cel) : AttributePath
    {
        /// <inheritdoc/>
        public override bool IsDefinite => true;

        /// <inheritdoc/>
        public override Either<string, Seq<JsonElement>> Evaluate(JsonElement root, bool isOptional, PathBudget shared)
        {
            var budget = new CelBudget(shared);
            var value = Cel.Evaluate(root, budget);
            if (budget.IsExceeded)
                return budget.Why;
            return value is CelValue.Null || (isOptional && value is CelValue.Error) ? Seq<JsonElement>() : CelResult.AsJson(value, budget).Map(it => Seq1(it));
        }

        /// <inheritdoc/>
        public override string ToString() => CelExpression.Prefix + Cel;
    }

    /// <summary>True = the text is an expression, as far as its beginning says.</summary>
    public static bool IsExpression(string text) => text.TrimStart().StartsWith(CelExpression.Prefix, StringComparison.Ordinal);

    /// <summary>The path, or the first error of the text in words. Never throws.</summary>
    public static Either<string, AttributePath> Compile(string text) =>
        IsExpression(text)
            ? CelExpression.Compile(text.TrimStart()[CelExpression.Prefix.Length..]).BiMap(it => (AttributePath)new Expression(it), error => $"{error}")
        : text.TrimStart().StartsWith(HelmPrefix, StringComparison.Ordinal)
            ? $"{HelmPrefix} reads the content of Helm's Secrets, and the content of Secrets is never collected; collect HelmReleases, or labels of the Secret"
        : JsonPath.Compile(text).BiMap(it => (AttributePath)new Json(it), error => $"{error}");

    /// <summary>All values that it finds in an object. Left = why it finds none, or the limit that is exceeded.</summary>
    /// <param name="isOptional">True = an expression that fails finds nothing, as in the Go operator.</param>
    public abstract Either<string, Seq<JsonElement>> Evaluate(JsonElement root, bool isOptional, PathBudget budget);
}
