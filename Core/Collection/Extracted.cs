using Kollect.Core.Collection.JsonPaths;
using Kollect.Core.Formatting;

namespace Kollect.Core.Collection;

/// <summary>The result of extracting an item from one object. Closed.</summary>
internal abstract record Extracted
{
    private const int MaxNamed = 3;

    private Extracted() { }

    /// <summary>The problems of the object; None = it has none.</summary>
    /// <param name="name">The object's name: <c>shop/web</c>.</param>
    public Option<ObjectProblem> Problem(string name) => this switch
    {
        Collected it => it.Problems.IsEmpty ? None : new ObjectProblem(
            $"{name}: {FirstFew.Of(it.Problems.OrderBy(problem => !problem.IsLast).Select(problem => $"{problem}").ToSeq(), MaxNamed)}",
            it.Problems.Exists(problem => problem.IsLast)),
        Rejected it => new ObjectProblem($"{name} {it.Why}", ExceedsBudget: false),
        NotIncluded or NamespaceUnknown => None,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The object is collected.</summary>
    /// <param name="Item">The item, without the attributes in <paramref name="Problems"/>.</param>
    /// <param name="Problems">Empty = the item has every attribute that the profile requires.</param>
    public sealed record Collected(CollectedItem Item, Seq<AttributeProblem> Problems) : Extracted;

    /// <summary>The target does not select the object.</summary>
    public sealed record NotIncluded(string Uid) : Extracted;

    /// <summary>The labels of the object's namespace are not known yet, so no decision is possible.</summary>
    public sealed record NamespaceUnknown(string Namespace) : Extracted;

    /// <summary>The object has no identity, or is not a readable object.</summary>
    /// <param name="Why">One line that continues the object's name: <c>is not JSON …</c>.</param>
    public sealed record Rejected(string Why) : Extracted;
}

/// <summary>Why an object is not collected as its profile demands.</summary>
/// <param name="Text">One line, which begins with the name of the object.</param>
/// <param name="ExceedsBudget">True = the paths of the profile visit or find too much in this object.</param>
internal sealed record ObjectProblem(string Text, bool ExceedsBudget);

/// <summary>An attribute that cannot be extracted from an object.</summary>
/// <param name="Why">One line, without the value, which may be confidential.</param>
internal sealed record AttributeProblem(string Attribute, string Why)
{
    /// <summary>True = the extraction of the object ended here, so that all further attributes are missing as well.</summary>
    public bool IsLast { get; init; }

    /// <summary>The path exceeds what all paths of the profile may do in one object.</summary>
    internal static AttributeProblem OfBudget(string attribute, string path, PathBudget budget) =>
        new(attribute, $"with path {Shown.Quoted(path)} {budget.Why}; this attribute and those after it are missing") { IsLast = true };

    /// <summary><c>replicas: the path finds nothing</c>.</summary>
    public override string ToString() => $"{Attribute}: {Why}";
}
