using System.Runtime.InteropServices;
using Kollect.Core.Backends.MongoDb;

namespace Kollect.Shell.Backends.MongoDb;

/// <summary>
/// Keeps batches until the snapshot is known to be complete: MongoDB cannot roll back, and incomplete input must change nothing.
/// In memory up to <see cref="MemoryBytes"/>, the rest in a temporary file that only this user may read.
/// </summary>
internal sealed class Spool : IDisposable
{
    private const long MemoryBytes = 8 << 20;

    private readonly List<UpsertBatch> inMemory = [];
    private long memory;
    private FileStream? file;

    /// <summary>True = the batch lies in the file, and its memory can be used again.</summary>
    public bool Add(UpsertBatch batch)
    {
        memory += batch.Firsts.Buffer.Length + batch.Repeats.Buffer.Length;
        if (memory <= MemoryBytes)
        {
            inMemory.Add(batch);
            return false;
        }

        file ??= Open();
        Write(file, batch.Firsts);
        Write(file, batch.Repeats);
        return true;
    }

    /// <summary>In the order in which they were added; each is valid until the next one.</summary>
    public IEnumerable<UpsertBatch> Read()
    {
        foreach (var batch in inMemory)
            yield return batch;
        if (file is null)
            yield break;

        file.Position = 0;
        for (var batch = new UpsertBatch(); file.Position < file.Length;)
        {
            Load(file, batch.Firsts);
            Load(file, batch.Repeats);
            yield return batch;
        }
    }

    public void Dispose() => file?.Dispose();

    private static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"kollect-{Guid.NewGuid():N}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose };
        if (OperatingSystem.IsWindows())
            return new FileStream(path, options);

        // Its name goes at once, so that nothing is left behind however the process ends.
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }

    private static void Write(FileStream file, WriteBatch batch)
    {
        file.Write(MemoryMarshal.AsBytes<int>([batch.Writes.Count, batch.Buffer.Length]));
        file.Write(MemoryMarshal.AsBytes<Write>([.. batch.Writes]));
        file.Write(batch.Buffer.Span);
    }

    private static void Load(FileStream file, WriteBatch batch)
    {
        Span<int> sizes = stackalloc int[2];
        file.ReadExactly(MemoryMarshal.AsBytes(sizes));
        var writes = new Write[sizes[0]];
        file.ReadExactly(MemoryMarshal.AsBytes(writes.AsSpan()));
        file.ReadExactly(batch.Load(writes, sizes[1]));
    }
}
