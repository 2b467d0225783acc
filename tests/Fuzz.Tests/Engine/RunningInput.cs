using System.IO.MemoryMappedFiles;

namespace Kollect.Fuzz.Tests.Engine;

/// <summary>
/// Seed and iteration of the input that runs, in a file that outlives the process: a stack overflow ends the process at once, and the next run reports
/// the input that did it.
/// </summary>
internal sealed class RunningInput : IDisposable
{
    private readonly string path;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    public RunningInput(FuzzTarget target, ulong seed)
    {
        path = PathOf(target);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, 2 * sizeof(long));
        view = file.CreateViewAccessor();
        view.Write(0, seed);
        Set(-1);
    }

    /// <summary>The input at which the last run of the target ended the process; null = that run ended by itself. It is reported once.</summary>
    public static (ulong Seed, long Iteration)? TakeLast(FuzzTarget target)
    {
        if (!File.Exists(PathOf(target)))
            return null;
        var bytes = File.ReadAllBytes(PathOf(target));
        File.Delete(PathOf(target));
        return BitConverter.ToInt64(bytes, sizeof(ulong)) is var iteration && iteration >= 0 ? (BitConverter.ToUInt64(bytes), iteration) : null;
    }

    public void Set(long iteration) => view.Write(sizeof(ulong), iteration);

    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
        File.Delete(path);
    }

    private static string PathOf(FuzzTarget target) => Repository.At($"artifacts/fuzz/running/{target.Name}");
}
