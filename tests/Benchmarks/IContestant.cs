namespace Kollect.Benchmarks;

/// <summary>One way to make a table equal to a snapshot.</summary>
internal interface IContestant
{
    /// <summary>As the report calls it.</summary>
    string Name { get; }

    /// <summary>Not measured: brings the snapshot into the form that this contestant reads.</summary>
    void Prepare(Snapshot snapshot)
    {
    }

    /// <summary>Afterwards the rows of the snapshot's scope in <paramref name="table"/> are exactly the snapshot.</summary>
    Task ExportAsync(string table, Snapshot snapshot, CancellationToken cancel);
}
