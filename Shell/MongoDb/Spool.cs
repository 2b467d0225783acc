using System.Runtime.InteropServices;
using Kollect.Core.Backends.MongoDb;
using Kollect.Shell.Backends.Disk;

namespace Kollect.MongoDb;

/// <summary>Keeps batches that may not be sent yet: MongoDB cannot roll back, and incomplete input must change nothing.</summary>
/// <param name="memoryBytes">What is more lies in a temporary file.</param>
internal sealed class Spool(long memoryBytes) : IDisposable
{
    private readonly List<WriteBatch> inMemory = [];
    private long memory;
    private FileStream? file;

    /// <summary>True = the batch lies in the file, and its memory can be used again.</summary>
    public bool Add(WriteBatch batch)
    {
        memory += batch.Buffer.Length;
        if (memory <= memoryBytes)
        {
            inMemory.Add(batch);
            return false;
        }

        file ??= TemporaryFile.Open();
        file.Write(MemoryMarshal.AsBytes<int>([batch.Writes.Count, batch.Buffer.Length]));
        file.Write(MemoryMarshal.AsBytes<Write>([.. batch.Writes]));
        file.Write(batch.Buffer.Span);
        return true;
    }

    /// <summary>Adds the batch; gives an empty one.</summary>
    public WriteBatch PutAside(WriteBatch batch)
    {
        if (!Add(batch))
            return new WriteBatch();
        batch.Clear();
        return batch;
    }

    /// <summary>In the order in which they were added; each is valid until the next one.</summary>
    public IEnumerable<WriteBatch> Read()
    {
        foreach (var batch in inMemory)
            yield return batch;
        if (file is null)
            yield break;

        file.Position = 0;
        for (var batch = new WriteBatch(); file.Position < file.Length;)
        {
            Load(file, batch);
            yield return batch;
        }
    }

    public void Dispose() => file?.Dispose();

    private static void Load(FileStream file, WriteBatch batch)
    {
        Span<int> sizes = stackalloc int[2];
        file.ReadExactly(MemoryMarshal.AsBytes(sizes));
        var writes = new Write[sizes[0]];
        file.ReadExactly(MemoryMarshal.AsBytes(writes.AsSpan()));
        file.ReadExactly(batch.Load(writes, sizes[1]));
    }
}
