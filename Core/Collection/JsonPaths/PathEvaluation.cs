using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kollect.Core.Collection.JsonPaths;

/// <summary>Evaluates the steps of a path over one document. The budget limits the work, including that of filters.</summary>
internal sealed class PathEvaluation
{
    private readonly PathNode root;
    private readonly PathBudget budget;

    private PathEvaluation(JsonElement document, PathBudget budget) => (root, this.budget) = (new PathNode(document, null), budget);

    /// <summary>Meaningless if the budget is exceeded afterwards.</summary>
    public static List<PathNode> Run(JsonElement document, Seq<PathStep> steps, PathBudget budget)
    {
        var evaluation = new PathEvaluation(document, budget);
        return evaluation.Walk(evaluation.root, steps);
    }

    private List<PathNode> Walk(PathNode from, Seq<PathStep> steps)
    {
        List<PathNode> nodes = [from];
        foreach (var step in steps)
        {
            var found = new List<PathNode>();
            foreach (var node in nodes)
            {
                Apply(node, step, found);
                if (budget.IsExceeded)
                    return [];
            }

            nodes = found;
        }

        return nodes;
    }

    private void Apply(PathNode node, PathStep step, List<PathNode> found)
    {
        switch (step)
        {
            case PathStep.Field it:
                if (budget.Search(node.Count))
                    Add(node.Field(it.Name), found);
                break;
            case PathStep.Item it:
                if (budget.Search(node.Count))
                    Add(node.Item(it.Index), found);
                break;
            case PathStep.Slice it:
                Slice(node, it, found);
                break;
            case PathStep.All:
                if (budget.Visit(node.Count))
                    node.AddChildrenTo(found);
                break;
            case PathStep.Descendants:
                Descend(node, found);
                break;
            case PathStep.Union it:
                foreach (var part in it.Parts)
                    Apply(node, part, found);
                break;
            case PathStep.Where it:
                if (budget.Visit(node.Count))
                    found.AddRange(node.Children().Where(child => !budget.IsExceeded && Holds(it.Condition, child)));
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Add(Option<PathNode> node, List<PathNode> found)
    {
        if (node.TrySome(out var it) && budget.Visit(1))
            found.Add(it);
    }

    private void Slice(PathNode node, PathStep.Slice slice, List<PathNode> found)
    {
        if (node.Value.ValueKind != JsonValueKind.Array || !budget.Visit(node.Count))
            return;
        var (children, to) = (node.Children(), Bound(slice.To.IfNone(node.Count), node.Count));
        for (long at = Bound(slice.From.IfNone(0), node.Count); at < to; at += slice.Every)
            found.Add(children[(int)at]);
    }

    private static int Bound(int index, int length) => Math.Clamp(index < 0 ? index + length : index, 0, length);

    /// <summary>The node itself first. It uses a stack instead of recursion, because documents may be nested deeply.</summary>
    private void Descend(PathNode node, List<PathNode> found)
    {
        List<PathNode> open = [node];
        while (open.Count > 0)
        {
            var next = open[^1];
            open.RemoveAt(open.Count - 1);
            if (!budget.Visit(1))
                return;
            found.Add(next);
            var first = open.Count;
            next.AddChildrenTo(open);
            open.Reverse(first, open.Count - first);
        }
    }

    private bool Holds(PathCondition condition, PathNode node) => condition switch
    {
        PathCondition.Exists it => Values(it.Path, node).Count > 0,
        PathCondition.Compare it => Holds(Values(it.Left, node), it.By, Values(it.Right, node)),
        _ => throw new UnreachableException(),
    };

    private bool Holds(List<JsonElement> lefts, Comparison by, List<JsonElement> rights)
    {
        foreach (var one in lefts)
            foreach (var other in rights)
            {
                if (!budget.Visit(1) || !budget.Compare(Length(one)) || !budget.Compare(Length(other)))
                    return false;
                if (PathComparison.Holds(one, by, other))
                    return true;
            }

        return false;
    }

    private List<JsonElement> Values(PathOperand operand, PathNode node) => operand switch
    {
        PathOperand.Literal it => [it.Value],
        PathOperand.Path it => Walk(it.FromRoot ? root : node, it.Steps).ConvertAll(found => found.Value),
        _ => throw new UnreachableException(),
    };

    /// <summary>Objects and lists are not compared by their content.</summary>
    private static int Length(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? JsonMarshal.GetRawUtf8Value(value).Length : 0;
}
