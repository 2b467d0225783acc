namespace Kollect.Benchmarks;

/// <summary>One way to make a table equal to a snapshot.</summary>
internal interface IContestant
{
    /// <summary>Name in the report.</summary>
    string Name { get; }

    /// <summary>Converts the snapshot into the form that this contestant reads; not measured.</summary>
    void Prepare(Snapshot snapshot)
    {
    }

    /// <summary>Makes the rows of the snapshot's scope in <paramref name="table"/> equal to the snapshot.</summary>
    Task ExportAsync(string table, Snapshot snapshot, CancellationToken cancel);
}
