using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Collection.Cel;

/// <summary>The work of one evaluation, counted: nodes, items and characters. It spends from the budget that all paths of a profile share.</summary>
internal sealed class CelBudget(PathBudget shared)
{
    /// <summary>Of all texts and lists that one expression makes, in characters and items.</summary>
    private const int MaxMade = 1_000_000;

    private int made = MaxMade;

    /// <summary>True = more is needed than is allowed, and the result means nothing.</summary>
    public bool IsExceeded => made < 0 || shared.IsExceeded;

    /// <summary>The limit that is exceeded, and the remedy.</summary>
    public string Why => made < 0
        ? FormattableString.Invariant($"the expression makes texts and lists of more than {MaxMade:N0} characters and items; make fewer")
        : shared.Why;

    /// <summary>True = so many more values may be visited.</summary>
    public bool Visit(int count) => shared.Visit(count);

    /// <summary>True = a text of so many characters may be read.</summary>
    public bool Read(int length) => shared.Compare(length) && shared.Visit(1);

    /// <summary>True = so many characters or items may be made.</summary>
    public bool Make(int count)
    {
        made = made < 0 ? made : made - count;
        return Read(count) && !IsExceeded;
    }
}
