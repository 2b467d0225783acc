namespace Kollect.Benchmarks;

/// <summary>A file that is deleted when disposed.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(string text)
    {
        Path = System.IO.Path.GetTempFileName() + ".yaml";
        File.WriteAllText(Path, text);
    }

    public string Path { get; }

    public void Dispose()
    {
        File.Delete(Path);
        File.Delete(Path[..^".yaml".Length]);
    }
}
