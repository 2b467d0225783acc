using System.Diagnostics;
using System.Text.Json;
using Kollect.Core.Formatting;

namespace Kollect.Core.Collection.Cel;

/// <summary>Evaluates the nodes of an expression. An error is a value: it becomes the result, unless another side of &amp;&amp; or || decides.</summary>
internal sealed class CelEvaluation(CelBudget budget)
{
    private static readonly CelValue.Error Exceeded = new("the limit of work is exceeded");

    private readonly List<(string Name, CelValue Value)> variables = [];

    public CelValue Run(CelNode root, JsonElement @object)
    {
        variables.Add(("object", CelValue.Of(@object)));
        return Of(root);
    }

    private CelValue Of(CelNode node) => !budget.Visit(1) ? Exceeded : node switch
    {
        CelNode.Literal it => it.Value,
        CelNode.Name it => Variable(it.Text),
        CelNode.Select it => Field(Of(it.Of), it.Field),
        CelNode.Has it => Has(Of(it.Of), it.Field),
        CelNode.Index it => Item(Of(it.Of), Of(it.By)),
        CelNode.Call it => Call(it),
        CelNode.Logic it => Logic(it.Deciding, Of(it.Left), it.Right),
        CelNode.Choice it => Of(it.Condition) switch
        {
            CelValue.Truth truth => Of(truth.Value ? it.Then : it.Otherwise),
            CelValue.Error error => error,
            var other => NoOverload("?:", other),
        },
        CelNode.ListOf it => List(it.Items),
        CelNode.MapOf it => Map(it.Entries),
        CelNode.Each it => Each(it),
        _ => throw new UnreachableException(),
    };

    /// <summary>No function is defined for values of these types.</summary>
    public static CelValue.Error NoOverload(string function, params CelValue[] values) =>
        new($"{function} is not defined for {string.Join(" and ", values.Select(it => it.Type))}");

    private CelValue Variable(string name)
    {
        for (var index = variables.Count - 1; index >= 0; index--)
            if (variables[index].Name == name)
                return variables[index].Value;
        throw new UnreachableException("the parser resolves names");
    }

    private CelValue Field(CelValue of, string field) => of switch
    {
        CelValue.Error => of,
        CelValue.Map map => !budget.Visit(1 + (map.Count / 16)) ? Exceeded
            : map.Find(new CelValue.Text(field)) ?? new CelValue.Error($"no such key: {Shown.Quoted(field)}"),
        _ => NoOverload($".{field}", of),
    };

    private CelValue Has(CelValue of, string field) => of switch
    {
        CelValue.Error => of,
        CelValue.Map map => budget.Visit(1 + (map.Count / 16)) ? CelValue.Of(map.Find(new CelValue.Text(field)) is not null) : Exceeded,
        _ => NoOverload("has", of),
    };

    private CelValue Item(CelValue of, CelValue by) => (of, by) switch
    {
        (CelValue.Error, _) => of,
        (_, CelValue.Error) => by,
        (CelValue.List list, CelValue.Int or CelValue.Uint or CelValue.Real) => !budget.Visit(1 + (list.Count / 16)) ? Exceeded
            : CelComparison.Whole(by) is { } index && index >= 0 && index < list.Count ? list.At((int)index)
            : new CelValue.Error("the index is outside of the list"),
        (CelValue.Map map, _) => !budget.Visit(1 + (map.Count / 16)) ? Exceeded : map.Find(by) ?? new CelValue.Error("no such key"),
        _ => NoOverload("[]", of, by),
    };

    private CelValue Call(CelNode.Call call)
    {
        var arguments = new CelValue[call.Arguments.Count];
        for (var index = 0; index < arguments.Length; index++)
            if ((arguments[index] = Of(call.Arguments[index])) is CelValue.Error error)
                return error;
        return call.Function.Run(arguments, budget) is { } value ? (budget.IsExceeded ? Exceeded : value) : NoOverload(call.Function.Name, arguments);
    }

    private CelValue Logic(bool deciding, CelValue left, CelNode rightNode)
    {
        if (left is CelValue.Truth one && one.Value == deciding)
            return left;
        var right = Of(rightNode);
        return (left, right) switch
        {
            (_, CelValue.Truth other) when other.Value == deciding => right,
            (CelValue.Error, _) => left,
            (_, CelValue.Error) => right,
            (CelValue.Truth, CelValue.Truth) => right,
            _ => NoOverload(deciding ? "||" : "&&", left, right),
        };
    }

    private CelValue List(Seq<CelNode> items)
    {
        var values = new CelValue[items.Count];
        for (var index = 0; index < values.Length; index++)
            if ((values[index] = Of(items[index])) is CelValue.Error error)
                return error;
        return Made(values);
    }

    private CelValue Map(Seq<(CelNode Key, CelNode Value)> entries)
    {
        var made = new List<(CelValue Key, CelValue Value)>();
        foreach (var entry in entries)
        {
            var (key, value) = (Of(entry.Key), Of(entry.Value));
            if (key is CelValue.Error || value is CelValue.Error)
                return key is CelValue.Error ? key : value;
            if (key is not (CelValue.Text or CelValue.Int or CelValue.Uint or CelValue.Truth) || made.Exists(it => CelComparison.IsEqual(it.Key, key, budget)))
                return new CelValue.Error("a key of a map is a text, a whole number or a truth value, and occurs once");
            made.Add((key, value));
        }

        return budget.Make(made.Count) ? new CelValue.Map(default, [.. made]) : Exceeded;
    }

    private CelValue Made(CelValue[] items) => budget.Make(items.Length) ? new CelValue.List(default, items) : Exceeded;

    private CelValue Each(CelNode.Each each)
    {
        var of = Of(each.Of);
        var items = of switch
        {
            CelValue.List list => list.Items,
            CelValue.Map map => map.Keys,
            _ => null,
        };
        if (items is null)
            return of is CelValue.Error ? of : NoOverload($"{each.Macro}".ToLowerInvariant(), of);
        var (found, count) = (new List<CelValue>(), 0);
        CelValue? failed = null;
        foreach (var item in items)
        {
            if (!budget.Visit(1))
                return Exceeded;
            variables.Add((each.Variable, item));
            var isWanted = each.Filter.Match(Of, () => CelValue.Of(true));
            var value = isWanted is CelValue.Truth { Value: true } ? Of(each.Body) : isWanted;
            variables.RemoveAt(variables.Count - 1);
            var isTrue = value is CelValue.Truth { Value: true };
            if (each.Macro == CelMacro.Map)
            {
                if (isWanted is CelValue.Truth { Value: false })
                    continue;
                if (value is CelValue.Error || isWanted is not CelValue.Truth)
                    return value is CelValue.Error ? value : NoOverload("map", isWanted);
                found.Add(value);
            }
            else if (value is not CelValue.Truth)
                failed ??= value is CelValue.Error ? value : NoOverload($"{each.Macro}".ToLowerInvariant(), value);
            else if (each.Macro == CelMacro.Filter && isTrue)
                found.Add(item);
            else if (each.Macro == CelMacro.Exists && isTrue)
                return CelValue.Of(true);
            else if (each.Macro == CelMacro.All && !isTrue)
                return CelValue.Of(false);
            else if (isTrue)
                count++;
        }

        return failed ?? each.Macro switch
        {
            CelMacro.All => CelValue.Of(true),
            CelMacro.Exists => CelValue.Of(false),
            CelMacro.ExistsOne => CelValue.Of(count == 1),
            _ => Made([.. found]),
        };
    }
}
