namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>Something that another client does to the rows of inventory <c>all</c> and cluster <c>east</c>.</summary>
/// <param name="Name">For the steps of a property.</param>
/// <param name="WriteAsync">Does it to the row of a uid, where there is one, or to all rows.</param>
internal sealed record ForeignWrite(string Name, Func<string, Task> WriteAsync)
{
    /// <summary>A new row: no row of that uid is there.</summary>
    public const string Insert = "insert";

    /// <summary>Rows may be there afterwards that the snapshot does not have.</summary>
    public bool Adds { get; init; }

    /// <summary>Rows of the snapshot may be missing afterwards.</summary>
    public bool Removes { get; init; }

    /// <summary>The payload of a row may be another one.</summary>
    public bool Changes { get; init; }

    /// <summary>The rows of other inventories are gone as well.</summary>
    public bool Truncates { get; init; }
}
