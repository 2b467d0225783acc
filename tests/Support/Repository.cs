namespace Kollect.Tests.Support;

/// <summary>Finds the checkout that the running tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder that holds <c>Kollect.Core.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A path below the root, given with forward slashes.</summary>
    public static string At(string relative) => Path.Combine([Root, .. relative.Split('/')]);

    private static string FindRoot()
    {
        for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
            if (File.Exists(Path.Combine(dir.FullName, "Kollect.Core.sln")))
                return dir.FullName;
        throw new InvalidOperationException($"no Kollect.Core.sln above {AppContext.BaseDirectory}");
    }
}
