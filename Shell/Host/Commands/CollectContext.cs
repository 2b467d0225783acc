using Kollect.Core.Formatting;
using Kollect.Core.Manifests;

namespace Kollect.Host.Commands;

/// <summary>One cluster to collect from.</summary>
/// <param name="Name">Of its context; null = the current one.</param>
/// <param name="Cluster">Label of its rows; None = that of the sink.</param>
internal sealed record CollectContext(string? Name, Option<string> Cluster)
{
    /// <summary>The clusters of an option's values; without any, that of the current context.</summary>
    public static Seq<CollectContext> Parse(IReadOnlyList<string> values)
    {
        var named = values.SelectMany(it => it.Split(',')).Select(it => it.LastIndexOf('=') is var at and > 0
            ? new CollectContext(it[..at], it[(at + 1)..])
            : new CollectContext(it, it)).ToArray().ToSeq();
        return named.IsEmpty ? Seq1(new CollectContext(null, None)) : named;
    }

    /// <summary>Rows of two clusters with one label would delete each other.</summary>
    public static IEnumerable<string> Problems(Seq<CollectContext> contexts)
    {
        foreach (var context in contexts.Filter(it => it.Name is not null))
        {
            if (string.IsNullOrWhiteSpace(context.Name))
                yield return "a name is empty";
            foreach (var why in context.Cluster.Bind(FlagRules.Cluster).ToSeq())
                yield return $"{context.Name}: {why}";
        }

        foreach (var same in contexts.Filter(it => it.Cluster.IsSome).GroupBy(it => it.Cluster).Where(it => it.Count() > 1))
            yield return $"{string.Join(" and ", same.Select(it => it.Name))} have one cluster label, {Shown.Quoted(same.Key.IfNone(""))}, and each would "
                + "delete the rows of the other; give one of them another label: NAME=CLUSTER";
    }

    /// <summary>What happens there, for a line of progress.</summary>
    public string Says(string what) => Name is null ? what : $"{Name}: {what}";
}
