namespace Kollect.Shell.Backends.Disk;

/// <summary>Files for what an export cannot hold in memory. Only this user may read them, and none is left behind however the process ends.</summary>
internal static class TemporaryFile
{
    /// <summary>A new file without a buffer of its own.</summary>
    public static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"kollect-{Guid.NewGuid():N}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (OperatingSystem.IsWindows())
            return new FileStream(path, options);

        // Its name goes at once.
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }
}
