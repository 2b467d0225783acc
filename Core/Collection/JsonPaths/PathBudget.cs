namespace Kollect.Core.Collection.JsonPaths;

/// <summary>
/// The work that the paths of one profile may do over one object, counted over all of them: the values that they visit and the bytes that they find.
/// Once one of the two is used up, the extraction of the object ends. Equal paths over equal objects end at the same place.
/// </summary>
internal sealed class PathBudget
{
    /// <summary>
    /// The maximum number of values that all paths visit in one object; some 20 ms of work. A path of names visits one value for each of them.
    /// </summary>
    public const int MaxValues = 250_000;

    /// <summary>
    /// An object may be found that many times in its own attributes, because values contain each other: <c>$..*</c> finds each with its parents.
    /// </summary>
    public const int MaxTimes = 16;

    /// <summary>The bytes of values that attributes may hold of even the smallest object.</summary>
    public const int MinBytes = 64 * 1024;

    // A name, an index or a text is compared much faster than a value is visited.
    private const int ComparedFields = 16;
    private const int ComparedBytes = 64;

    private long bytes;
    private int values = MaxValues;

    /// <param name="size">The length of the object in bytes of JSON.</param>
    public PathBudget(int size) => bytes = MaxBytes = MinBytes + ((long)MaxTimes * size);

    /// <summary>The maximum number of bytes that the values of all attributes have together.</summary>
    public long MaxBytes { get; }

    /// <summary>True = more is needed than is allowed, and nothing that was found may be used.</summary>
    public bool IsExceeded => values < 0 || bytes < 0;

    /// <summary>The limit that is exceeded, with its unit, and the remedy.</summary>
    public string Why => bytes < 0
        ? FormattableString.Invariant($"the values found so far in this object have more than {MaxBytes:N0} bytes; select smaller values, or fewer")
        : FormattableString.Invariant($"more than {MaxValues:N0} values are visited in this object; write fewer wildcards, or fewer paths with them");

    /// <summary>True = so many more values may be visited.</summary>
    public bool Visit(int count) => Spend(count);

    /// <summary>True = one of so many fields or items may be looked for.</summary>
    public bool Search(int among) => Spend(among / ComparedFields);

    /// <summary>True = texts of so many bytes may be compared.</summary>
    public bool Compare(int length) => Spend(length / ComparedBytes);

    /// <summary>True = a value of so many bytes may be kept.</summary>
    public bool Keep(long length)
    {
        bytes = IsExceeded ? bytes : bytes - length;
        return !IsExceeded;
    }

    private bool Spend(int work)
    {
        values = IsExceeded ? values : values - work;
        return !IsExceeded;
    }
}
