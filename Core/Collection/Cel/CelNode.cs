namespace Kollect.Core.Collection.Cel;

/// <summary>A node of a parsed expression. Closed.</summary>
/// <param name="At">The index of its first character, for errors.</param>
internal abstract record CelNode(int At)
{
    /// <summary><c>1</c>, <c>"text"</c>, <c>null</c>.</summary>
    public sealed record Literal(int At, CelValue Value) : CelNode(At);

    /// <summary>A variable: the object, or one of a macro.</summary>
    public sealed record Name(int At, string Text) : CelNode(At);

    /// <summary><c>of.field</c>.</summary>
    public sealed record Select(int At, CelNode Of, string Field) : CelNode(At);

    /// <summary><c>has(of.field)</c>.</summary>
    public sealed record Has(int At, CelNode Of, string Field) : CelNode(At);

    /// <summary><c>of[index]</c>.</summary>
    public sealed record Index(int At, CelNode Of, CelNode By) : CelNode(At);

    /// <summary><c>name(arguments)</c>, <c>of.name(arguments)</c> and every operator but those below.</summary>
    /// <param name="Arguments">With the value before the dot as the first one.</param>
    public sealed record Call(int At, CelFunction Function, Seq<CelNode> Arguments) : CelNode(At);

    /// <summary><c>a &amp;&amp; b</c>, <c>a || b</c>: one side that decides hides an error of the other.</summary>
    /// <param name="Deciding">The value that decides: false of <c>&amp;&amp;</c>.</param>
    public sealed record Logic(int At, bool Deciding, CelNode Left, CelNode Right) : CelNode(At);

    /// <summary><c>condition ? then : otherwise</c>.</summary>
    public sealed record Choice(int At, CelNode Condition, CelNode Then, CelNode Otherwise) : CelNode(At);

    /// <summary><c>[a, b]</c>.</summary>
    public sealed record ListOf(int At, Seq<CelNode> Items) : CelNode(At);

    /// <summary><c>{key: value}</c>.</summary>
    public sealed record MapOf(int At, Seq<(CelNode Key, CelNode Value)> Entries) : CelNode(At);

    /// <summary>A macro over the items of a list or the keys of a map, such as <c>of.exists(variable, condition)</c>.</summary>
    /// <param name="Filter">Of map with three arguments: only items for which it holds.</param>
    public sealed record Each(int At, CelMacro Macro, CelNode Of, string Variable, Option<CelNode> Filter, CelNode Body) : CelNode(At);
}

/// <summary>The macros over lists and maps.</summary>
internal enum CelMacro
{
    /// <summary>True = the condition holds for every item.</summary>
    All,

    /// <summary>True = it holds for one item or more.</summary>
    Exists,

    /// <summary>True = it holds for exactly one item.</summary>
    ExistsOne,

    /// <summary>The list of the results.</summary>
    Map,

    /// <summary>The items for which it holds.</summary>
    Filter,
}
