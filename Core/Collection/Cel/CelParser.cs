using Kollect.Core.Formatting;

namespace Kollect.Core.Collection.Cel;

/// <summary>Parses an expression (cel-spec, Syntax), and resolves its names and functions. The result is meaningless after an error.</summary>
internal sealed class CelParser(string text, List<CelToken> tokens)
{
    /// <summary>The maximum nesting of brackets, calls and choices.</summary>
    private const int MaxDepth = 32;

    /// <summary>The maximum number of nodes, so that the deepest tree is evaluated in little stack.</summary>
    private const int MaxNodes = 400;

    /// <summary>The variable that holds the object, as in the Go operator.</summary>
    private const string Object = "object";

    private static readonly string[] Types = ["bool", "bytes", "double", "int", "list", "map", "null_type", "string", "type", "uint"];

    private static readonly Dictionary<string, CelMacro> Macros = new(StringComparer.Ordinal)
    {
        ["all"] = CelMacro.All,
        ["exists"] = CelMacro.Exists,
        ["exists_one"] = CelMacro.ExistsOne,
        ["map"] = CelMacro.Map,
        ["filter"] = CelMacro.Filter,
    };

    private static readonly string[] Relations = ["==", "!=", "<", "<=", ">", ">=", "in"];

    private readonly List<string> variables = [Object];
    private int next;
    private int depth;
    private int nodes;

    /// <summary>Null = no error so far.</summary>
    public CelError? Error { get; private set; }

    private CelToken Token => tokens[next];

    /// <summary>The whole expression.</summary>
    public CelNode Expression()
    {
        var node = Choice();
        if (Token.Kind != CelTokenKind.End)
            Fail(Token.At, "an operator or the end of the expression belongs here");
        return node;
    }

    private CelNode Choice()
    {
        var at = Token.At;
        if (Error is not null || ++depth > MaxDepth)
            return Fail(at, FormattableString.Invariant($"the expression is nested deeper than {MaxDepth} levels"));
        var condition = Or();
        if (TakeSign("?"))
        {
            var then = Or();
            Expect(":");
            condition = Made(new CelNode.Choice(at, condition, then, Choice()));
        }

        depth--;
        return condition;
    }

    private CelNode Or() => Logic("||", deciding: true, () => Logic("&&", deciding: false, Relation));

    private CelNode Logic(string sign, bool deciding, Func<CelNode> operand)
    {
        var left = operand();
        while (Error is null && Token is { Kind: CelTokenKind.Sign } token && token.Text == sign)
        {
            next++;
            left = Made(new CelNode.Logic(token.At, deciding, left, operand()));
        }

        return left;
    }

    private CelNode Relation() => Binary(Relations, () => Binary(["+", "-"], () => Binary(["*", "/", "%"], Unary)));

    private CelNode Binary(string[] operators, Func<CelNode> operand)
    {
        var left = operand();
        while (Error is null && Token.Kind != CelTokenKind.Literal && operators.Contains(Token.Text))
        {
            var token = Token;
            next++;
            left = Operator(token, left, operand());
        }

        return left;
    }

    private CelNode Unary()
    {
        if (Token is { Kind: CelTokenKind.Sign, Text: "!" or "-" } token)
        {
            next++;
            if (++depth > MaxDepth)
                return Fail(token.At, FormattableString.Invariant($"the expression is nested deeper than {MaxDepth} levels"));
            var operand = Unary();
            depth--;
            return Operator(new CelToken(CelTokenKind.Sign, token.At, token.Text == "-" ? CelFunctions.Negate : CelFunctions.Not), operand);
        }

        return Member();
    }

    private CelNode Operator(CelToken token, params CelNode[] operands) =>
        Made(new CelNode.Call(token.At, CelFunctions.Operator(token.Text), operands.ToSeq()));

    private CelNode Member()
    {
        var node = Primary();
        while (Error is null)
        {
            var at = Token.At;
            if (TakeSign("."))
            {
                if (TakeSign("?"))
                    return Fail(at, "optional fields are not offered here; write has(a.b) ? a.b : …");
                var name = Token;
                if (name.Kind != CelTokenKind.Name)
                    return Fail(name.At, "the name of a field or of a function belongs here");
                next++;
                node = TakeSign("(") ? Method(name, node) : Made(new CelNode.Select(name.At, node, name.Text));
            }
            else if (TakeSign("["))
            {
                if (TakeSign("?"))
                    return Fail(at, "optional items are not offered here; write a in b ? b[a] : …");
                var index = Choice();
                Expect("]");
                node = Made(new CelNode.Index(at, node, index));
            }
            else
            {
                break;
            }
        }

        return node;
    }

    private CelNode Primary()
    {
        var token = Token;
        if (token.Kind == CelTokenKind.Literal)
        {
            next++;
            return Made(new CelNode.Literal(token.At, token.Value!));
        }

        if (token.Kind == CelTokenKind.Name)
        {
            next++;
            return token.Text switch
            {
                "true" or "false" => Made(new CelNode.Literal(token.At, CelValue.Of(token.Text == "true"))),
                "null" => Made(new CelNode.Literal(token.At, new CelValue.Null())),
                _ => TakeSign("(") ? Function(token) : Variable(token),
            };
        }

        if (TakeSign("("))
        {
            var inner = Choice();
            Expect(")");
            return inner;
        }

        if (TakeSign("["))
            return Made(new CelNode.ListOf(token.At, Items("]")));
        return TakeSign("{") ? Map(token.At) : Fail(token.At, "a value belongs here, such as object.spec.replicas");
    }

    private CelNode Variable(CelToken name)
    {
        if (variables.Contains(name.Text))
            return Made(new CelNode.Name(name.At, name.Text));
        if (Types.Contains(name.Text))
            return Made(new CelNode.Literal(name.At, new CelValue.OfType(name.Text)));
        var nearest = name.Text == "self" ? "; the variable object holds the object" : Nearest.DidYouMean(name.Text, [.. variables]);
        return Fail(name.At, $"there is no variable {Shown.Quoted(name.Text)}{nearest}");
    }

    private CelNode Function(CelToken name)
    {
        if (name.Text == "has")
        {
            var of = Choice();
            Expect(")");
            return of is CelNode.Select it ? Made(new CelNode.Has(name.At, it.Of, it.Field)) : Fail(name.At, "has takes a field: has(object.spec.replicas)");
        }

        return Call(name, Items(")"), isMethod: false);
    }

    private CelNode Method(CelToken name, CelNode of) =>
        Macros.TryGetValue(name.Text, out var macro) ? Each(name, macro, of) : Call(name, of.Cons(Items(")")), isMethod: true);

    private CelNode Call(CelToken name, Seq<CelNode> arguments, bool isMethod)
    {
        if (Error is not null)
            return Nothing;
        return CelFunctions.Find(name.Text, isMethod, arguments).Match(
            Right: it => Made(new CelNode.Call(name.At, it, arguments)),
            Left: why => Fail(name.At, why));
    }

    private CelNode Each(CelToken name, CelMacro macro, CelNode of)
    {
        var variable = Token;
        next++;
        if (variable.Kind != CelTokenKind.Name || !TakeSign(","))
            return Fail(variable.At, $"{name.Text} takes a variable and an expression: list.{name.Text}(x, x.name)");
        variables.Add(variable.Text);
        var bodies = Items(")");
        variables.RemoveAt(variables.Count - 1);
        return bodies.Count == 1 ? Made(new CelNode.Each(name.At, macro, of, variable.Text, None, bodies[0]))
            : bodies.Count == 2 && macro == CelMacro.Map ? Made(new CelNode.Each(name.At, macro, of, variable.Text, Some(bodies[0]), bodies[1]))
            : Fail(name.At, $"{name.Text} takes a variable and an expression: list.{name.Text}(x, x.name)");
    }

    private Seq<CelNode> Items(string end)
    {
        var items = new List<CelNode>();
        while (Error is null && !TakeSign(end))
        {
            items.Add(Choice());
            if (!TakeSign(",") && !(Token is { Kind: CelTokenKind.Sign } token && token.Text == end))
                Fail(Token.At, $"a comma or {end} belongs here");
        }

        return items.ToArray().ToSeq();
    }

    private CelNode Map(int at)
    {
        var entries = new List<(CelNode, CelNode)>();
        while (Error is null && !TakeSign("}"))
        {
            var key = Choice();
            Expect(":");
            entries.Add((key, Choice()));
            if (!TakeSign(",") && Token is not { Kind: CelTokenKind.Sign, Text: "}" })
                Fail(Token.At, "a comma or } belongs here");
        }

        return Made(new CelNode.MapOf(at, entries.ToArray().ToSeq()));
    }

    private bool TakeSign(string sign)
    {
        if (Token.Kind != CelTokenKind.Sign || Token.Text != sign)
            return false;
        next++;
        return true;
    }

    private void Expect(string sign)
    {
        if (!TakeSign(sign))
            Fail(Token.At, $"{sign} belongs here");
    }

    private CelNode Made(CelNode node) => ++nodes <= MaxNodes
        ? node
        : Fail(node.At, FormattableString.Invariant($"the expression has more than {MaxNodes} values and operators; write a shorter one"));

    private static CelNode Nothing => new CelNode.Literal(0, new CelValue.Null());

    private CelNode Fail(int at, string why)
    {
        Error ??= new CelError(text, Math.Min(at, text.Length), why);
        next = tokens.Count - 1;
        return Nothing;
    }
}
