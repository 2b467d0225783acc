using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>One step of a path, which maps each value to the values that it finds. Closed.</summary>
internal abstract record PathStep
{
    private PathStep() { }

    /// <summary><c>.name</c>, <c>['name']</c>.</summary>
    public sealed record Field(string Name) : PathStep;

    /// <summary><c>[0]</c>; <c>[-1]</c> is the last item.</summary>
    public sealed record Item(int Index) : PathStep;

    /// <summary><c>[from:to:every]</c>, excluding the item at <paramref name="To"/>; negative indices count from the end.</summary>
    public sealed record Slice(Option<int> From, Option<int> To, int Every) : PathStep;

    /// <summary><c>.*</c>, <c>[*]</c>: all items, or the values of all fields.</summary>
    public sealed record All : PathStep;

    /// <summary>The first dot of <c>..name</c>: a value and all values below it, in document order.</summary>
    public sealed record Descendants : PathStep;

    /// <summary><c>[0,-1]</c>, <c>['a','b']</c>: the values that each part finds, in the order of the parts.</summary>
    public sealed record Union(Seq<PathStep> Parts) : PathStep;

    /// <summary><c>[?(…)]</c>: the items, or values of fields, for which the condition holds.</summary>
    public sealed record Where(PathCondition Condition) : PathStep;
}

/// <summary>The condition of a filter. Closed.</summary>
internal abstract record PathCondition
{
    private PathCondition() { }

    /// <summary><c>@.name</c>: holds if the path finds a value.</summary>
    public sealed record Exists(PathOperand.Path Path) : PathCondition;

    /// <summary>Holds if the comparison holds for one value of each side.</summary>
    public sealed record Compare(PathOperand Left, Comparison By, PathOperand Right) : PathCondition;
}

/// <summary>One side of a comparison. Closed.</summary>
internal abstract record PathOperand
{
    private PathOperand() { }

    /// <summary><c>@.name</c>, <c>$.name</c>.</summary>
    /// <param name="FromRoot">True = <c>$</c>, from the whole document; false = <c>@</c>, from the value that is filtered.</param>
    /// <param name="Steps">Empty = the start itself.</param>
    public sealed record Path(bool FromRoot, Seq<PathStep> Steps) : PathOperand;

    /// <summary><c>"text"</c>, <c>'text'</c>, <c>3</c>, <c>true</c>, <c>null</c>.</summary>
    public sealed record Literal(JsonElement Value) : PathOperand;
}

/// <summary>How two values are compared, see <see cref="PathComparison"/>. Values of different types are unequal and have no order.</summary>
internal enum Comparison
{
    /// <summary><c>==</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>&lt;=</c></summary>
    AtMost,

    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&gt;</c></summary>
    Greater,
}
