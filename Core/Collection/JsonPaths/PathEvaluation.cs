using System.Diagnostics;
using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>Steps over one document. The work is bounded by <see cref="JsonPath.MaxValues"/>, filters included.</summary>
internal sealed class PathEvaluation
{
    private readonly PathNode root;
    private int left = JsonPath.MaxValues;

    private PathEvaluation(JsonElement document) => root = new PathNode(document, null, "");

    /// <summary>Null = too much work.</summary>
    public static PathNode[]? Run(JsonElement document, Seq<PathStep> steps)
    {
        var evaluation = new PathEvaluation(document);
        var found = evaluation.Walk(evaluation.root, steps);
        return evaluation.left < 0 ? null : found;
    }

    private PathNode[] Walk(PathNode from, Seq<PathStep> steps) =>
        steps.Fold((PathNode[])[from], (nodes, step) => [.. nodes.SelectMany(node => Apply(node, step)).TakeWhile(_ => --left >= 0)]);

    private IEnumerable<PathNode> Apply(PathNode node, PathStep step) => step switch
    {
        PathStep.Field it => node.Field(it.Name).AsEnumerable(),
        PathStep.Item it => node.Item(it.Index).AsEnumerable(),
        PathStep.Slice it => Sliced(node, it),
        PathStep.All => node.Children(),
        PathStep.Descendants => Descendants(node),
        PathStep.Union it => it.Parts.AsEnumerable().SelectMany(part => Apply(node, part)),
        PathStep.Where it => node.Children().TakeWhile(_ => --left >= 0).Where(child => Holds(it.Condition, child)),
        _ => throw new UnreachableException(),
    };

    private static IEnumerable<PathNode> Sliced(PathNode node, PathStep.Slice slice)
    {
        if (node.Value.ValueKind != JsonValueKind.Array)
            yield break;
        var length = node.Value.GetArrayLength();
        var to = Place(slice.To.IfNone(length), length);
        for (long at = Place(slice.From.IfNone(0), length); at < to; at += slice.Every)
            foreach (var item in node.Item((int)at))
                yield return item;
    }

    private static int Place(int index, int length) => Math.Clamp(index < 0 ? index + length : index, 0, length);

    /// <summary>Itself first. With a stack of its own, because documents may be nested deeply.</summary>
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
            && lefts.Any(one => rights.TakeWhile(_ => --left >= 0).Any(other => PathComparison.Holds(one, it.By, other))),
        _ => throw new UnreachableException(),
    };

    private JsonElement[] Values(PathOperand operand, PathNode node) => operand switch
    {
        PathOperand.Literal it => [it.Value],
        PathOperand.Path it => [.. Walk(it.FromRoot ? root : node, it.Steps).Select(found => found.Value)],
        _ => throw new UnreachableException(),
    };
}
