using System.Text.Json;
using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Collection.Cel;

/// <summary>
/// A compiled expression in the Common Expression Language over one object: <c>size(object.spec.template.spec.containers)</c>. The variable
/// <c>object</c> holds the object.
/// </summary>
/// <remarks>
/// It has the operators, macros and functions of the language's standard library, and some of Kubernetes; see <see cref="CelFunctions"/>. The work of an
/// evaluation is counted. Two expressions of one text are equal.
/// </remarks>
internal sealed record CelExpression
{
    /// <summary>The maximum length in characters.</summary>
    public const int MaxLength = 4096;

    /// <summary>With what a path begins that is an expression.</summary>
    public const string Prefix = "cel:";

    private readonly string text;
    private readonly CelNode root;

    private CelExpression(string text, CelNode root) => (this.text, this.root) = (text, root);

    /// <summary>The expression, or the first error of the text. Never throws.</summary>
    public static Either<CelError, CelExpression> Compile(string text)
    {
        if (text.Length > MaxLength)
            return new CelError(text, MaxLength, FormattableString.Invariant($"at most {MaxLength:N0} characters are possible"));
        if (string.IsNullOrWhiteSpace(text))
            return new CelError(text, text.Length, "an expression is missing; write for instance object.spec.replicas");
        var lexer = new CelLexer(text);
        var tokens = lexer.Tokens();
        if (lexer.Error is { } wrong)
            return wrong;
        var parser = new CelParser(text, tokens);
        var root = parser.Expression();
        return parser.Error is { } error ? Left<CelError, CelExpression>(error) : Right<CelError, CelExpression>(new CelExpression(text, root));
    }

    /// <summary>The value for an object; <see cref="CelValue.Error"/> = the evaluation failed. Meaningless where the budget is exceeded afterwards.</summary>
    public CelValue Evaluate(JsonElement @object, CelBudget budget) => new CelEvaluation(budget).Run(root, @object);

    /// <summary>True = the expression is true for the object; false = it is anything else, or failed. Left = the limit that is exceeded.</summary>
    public Either<string, bool> Holds(JsonElement @object, PathBudget shared)
    {
        var budget = new CelBudget(shared);
        var value = Evaluate(@object, budget);
        return budget.IsExceeded ? Left<string, bool>(budget.Why) : Right<string, bool>(value is CelValue.Truth { Value: true });
    }

    /// <inheritdoc/>
    public bool Equals(CelExpression? other) => other is not null && text == other.text;

    /// <inheritdoc/>
    public override int GetHashCode() => text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The expression as it was written.</summary>
    public override string ToString() => text;
}
