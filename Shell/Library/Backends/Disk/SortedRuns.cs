using System.Runtime.InteropServices;

namespace Kollect.Shell.Backends.Disk;

/// <summary>
/// Sorts any number of values in bounded memory: an external merge sort. Up to <paramref name="atOnce"/> values lie in memory and no file is made; each
/// further run of as many costs <see cref="ReadAtOnce"/> values of memory while it is read.
/// </summary>
/// <param name="atOnce">Values in a run.</param>
internal sealed class SortedRuns<T>(int atOnce = 1 << 16) : IDisposable
    where T : unmanaged, IComparable<T>
{
    private const int ReadAtOnce = 256;

    private readonly List<long> runs = [];
    private T[] filling = new T[Math.Min(atOnce, 1024)];
    private int count;
    private FileStream? file;

    /// <summary>Adds a value; not while the values are read.</summary>
    public void Add(T value)
    {
        if (count == atOnce)
            PutAside();
        if (count == filling.Length)
            System.Array.Resize(ref filling, Math.Min(atOnce, 2 * count));
        filling[count++] = value;
    }

    /// <summary>All values in ascending order, equal ones as often as they were added; may be read again.</summary>
    public IEnumerable<T> Read()
    {
        System.Array.Sort(filling, 0, count);
        return file is null ? filling.Take(count) : Merge(file);
    }

    public void Dispose() => file?.Dispose();

    private void PutAside()
    {
        file ??= TemporaryFile.Open();
        System.Array.Sort(filling, 0, count);
        runs.Add(file.Length);
        file.Position = file.Length;
        file.Write(MemoryMarshal.AsBytes(filling.AsSpan(0, count)));
        count = 0;
    }

    private IEnumerable<T> Merge(FileStream from)
    {
        var readers = runs.ConvertAll(start => Run(from, start).GetEnumerator());
        readers.Add(filling.Take(count).GetEnumerator());
        var next = new PriorityQueue<IEnumerator<T>, T>();
        foreach (var reader in readers)
            if (reader.MoveNext())
                next.Enqueue(reader, reader.Current);
        while (next.TryPeek(out var reader, out var value))
        {
            yield return value;
            if (reader.MoveNext())
                next.DequeueEnqueue(reader, reader.Current);
            else
                next.Dequeue();
        }
    }

    private IEnumerable<T> Run(FileStream from, long start)
    {
        var buffer = new T[ReadAtOnce];
        for (var read = 0; read < atOnce; read += buffer.Length)
        {
            var length = Math.Min(buffer.Length, atOnce - read);
            Fill(from, start, read, buffer.AsSpan(0, length));
            for (var index = 0; index < length; index++)
                yield return buffer[index];
        }
    }

    private static void Fill(FileStream from, long start, int index, Span<T> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        from.Position = start + ((long)index * (bytes.Length / values.Length));
        from.ReadExactly(bytes);
    }
}
