using System.Diagnostics;
using Kollect.Models.V1Alpha1;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Collection;

/// <summary>A label selector of Kubernetes: all requirements must hold.</summary>
/// <remarks>Selectors with the same requirements in another order are equal and have the same text, so that they can share a watch.</remarks>
internal sealed record LabelSelector
{
    private LabelSelector(Seq<LabelRequirement> requirements) => Requirements = requirements;

    /// <summary>Selects every object.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Without duplicates, in ordinal order of their texts.</summary>
    public Seq<LabelRequirement> Requirements { get; }

    /// <summary>Accepts requirements in any order.</summary>
    public static LabelSelector Of(IEnumerable<LabelRequirement> requirements) =>
        new(requirements.Distinct().OrderBy(it => it.ToString(), StringComparer.Ordinal).ToArray().ToSeq());

    /// <summary>The selector of a valid manifest; null = <see cref="Everything"/>.</summary>
    public static LabelSelector Of(KollectSelector? selector) => selector is null ? Everything : Of(
        selector.MatchLabels.Select(label => LabelRequirement.In(label.Key, Seq1(label.Value)))
            .Concat(selector.MatchExpressions.Select(LabelRequirement.Of)));

    /// <summary>This selector with one more requirement.</summary>
    public LabelSelector And(LabelRequirement requirement) => Of(Requirements.Add(requirement));

    /// <summary>True = the labels meet all requirements.</summary>
    public bool Matches(Map<OrdStringOrdinal, string, string> labels) => Requirements.ForAll(it => it.Matches(labels));

    /// <summary>The query parameter <c>labelSelector</c> of a list or watch, not escaped: <c>app=web,tier in (a,b),!legacy</c>. Empty = everything.</summary>
    public override string ToString() => string.Join(",", Requirements);
}

/// <summary>A requirement on one label. Closed.</summary>
internal abstract record LabelRequirement
{
    private LabelRequirement() { }

    /// <summary>The label has one of the values.</summary>
    /// <param name="Key">The label's key, with its prefix.</param>
    /// <param name="Values">One or more, without duplicates, in ordinal order.</param>
    public sealed record OneOf(string Key, Seq<string> Values) : LabelRequirement
    {
        /// <inheritdoc/>
        public override string ToString() => Values.Count == 1 ? $"{Key}={Values[0]}" : $"{Key} in ({string.Join(",", Values)})";
    }

    /// <summary>The label does not exist, or has none of the values.</summary>
    /// <param name="Key">The label's key, with its prefix.</param>
    /// <param name="Values">One or more, without duplicates, in ordinal order.</param>
    public sealed record NoneOf(string Key, Seq<string> Values) : LabelRequirement
    {
        /// <inheritdoc/>
        public override string ToString() => Values.Count == 1 ? $"{Key}!={Values[0]}" : $"{Key} notin ({string.Join(",", Values)})";
    }

    /// <summary>The label exists with any value.</summary>
    public sealed record Present(string Key) : LabelRequirement
    {
        /// <inheritdoc/>
        public override string ToString() => Key;
    }

    /// <summary>The label does not exist.</summary>
    public sealed record Absent(string Key) : LabelRequirement
    {
        /// <inheritdoc/>
        public override string ToString() => $"!{Key}";
    }

    /// <summary>A <see cref="OneOf"/> from values in any order.</summary>
    public static LabelRequirement In(string key, Seq<string> values) => new OneOf(key, Sorted(values));

    /// <summary>A <see cref="NoneOf"/> from values in any order.</summary>
    public static LabelRequirement NotIn(string key, Seq<string> values) => new NoneOf(key, Sorted(values));

    /// <summary>The requirement of a valid manifest.</summary>
    public static LabelRequirement Of(KollectMatchExpression expression) => expression.Operator switch
    {
        KollectMatchExpressionOperator.In => In(expression.Key, expression.Values.ToSeq()),
        KollectMatchExpressionOperator.NotIn => NotIn(expression.Key, expression.Values.ToSeq()),
        KollectMatchExpressionOperator.Exists => new Present(expression.Key),
        KollectMatchExpressionOperator.DoesNotExist => new Absent(expression.Key),
        _ => throw new UnreachableException(),
    };

    /// <summary>True = the labels meet the requirement.</summary>
    public bool Matches(Map<OrdStringOrdinal, string, string> labels) => this switch
    {
        OneOf it => labels.Find(it.Key).Exists(value => it.Values.Contains(value)),
        NoneOf it => !labels.Find(it.Key).Exists(value => it.Values.Contains(value)),
        Present it => labels.ContainsKey(it.Key),
        Absent it => !labels.ContainsKey(it.Key),
        _ => throw new UnreachableException(),
    };

    private static Seq<string> Sorted(Seq<string> values) => values.Distinct().OrderBy(value => value, StringComparer.Ordinal).ToArray().ToSeq();
}
