using System.Diagnostics;
using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>Evaluates the steps of a path over one document. <see cref="JsonPath.MaxValues"/> limits the work, including that of filters.</summary>
internal sealed class PathEvaluation
{
    private readonly PathNode root;
    private int remaining = JsonPath.MaxValues;

    private PathEvaluation(JsonElement document) => root = new PathNode(document, null, "");

    /// <summary>Null = the limit is exceeded.</summary>
    public static PathNode[]? Run(JsonElement document, Seq<PathStep> steps)
    {
        var evaluation = new PathEvaluation(document);
        var found = evaluation.Walk(evaluation.root, steps);
        return evaluation.remaining < 0 ? null : found;
    }

    private PathNode[] Walk(PathNode from, Seq<PathStep> steps) =>
        steps.Fold((PathNode[])[from], (nodes, step) => [.. nodes.SelectMany(node => Apply(node, step)).TakeWhile(_ => --remaining >= 0)]);

    private IEnumerable<PathNode> Apply(PathNode node, PathStep step) => step switch
    {
        PathStep.Field it => node.Field(it.Name).AsEnumerable(),
        PathStep.Item it => node.Item(it.Index).AsEnumerable(),
        PathStep.Slice it => Sliced(node, it),
        PathStep.All => node.Children(),
        PathStep.Descendants => Descendants(node),
        PathStep.Union it => it.Parts.AsEnumerable().SelectMany(part => Apply(node, part)),
        PathStep.Where it => node.Children().TakeWhile(_ => --remaining >= 0).Where(child => Holds(it.Condition, child)),
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<PathNode> Sliced(PathNode node, PathStep.Slice slice)
    {
        if (node.Value.ValueKind != JsonValueKind.Array)
            yield break;
        var length = node.Value.GetArrayLength();
        var to = Bound(slice.To.IfNone(length), length);
        for (long at = Bound(slice.From.IfNone(0), length); at < to; at += slice.Every)
            foreach (var item in node.Item((int)at))
                yield return item;
    }

    private static int Bound(int index, int length) => Math.Clamp(index < 0 ? index + length : index, 0, length);

    /// <summary>The node itself first. It uses a stack instead of recursion, because documents may be nested deeply.</summary>
    private static IEnumerable<PathNode> Descendants(PathNode node)
    {
        var open = new Stack<PathNode>([node]);
        while (open.TryPop(out var next))
        {
            yield return next;
            foreach (var child in next.Children().Reverse())
                open.Push(child);
        }
    }

    private bool Holds(PathCondition condition, PathNode node) => condition switch
    {
        PathCondition.Exists it => Values(it.Path, node).Length > 0,
        PathCondition.Compare it => Values(it.Left, node) is var lefts && Values(it.Right, node) is var rights
            && lefts.Any(one => rights.TakeWhile(_ => --remaining >= 0).Any(other => PathComparison.Holds(one, it.By, other))),
        _ => throw new UnreachableException(),
    };

    private JsonElement[] Values(PathOperand operand, PathNode node) => operand switch
    {
        PathOperand.Literal it => [it.Value],
        PathOperand.Path it => [.. Walk(it.FromRoot ? root : node, it.Steps).Select(found => found.Value)],
        _ => throw new UnreachableException(),
    };
}
