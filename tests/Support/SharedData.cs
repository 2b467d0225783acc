using Xunit;

namespace Kollect.Tests.Support;

/// <summary>Test data beside the checkout, which a public clone does not have.</summary>
public static class SharedData
{
    /// <summary>Path of <c>shared/data/{name}</c>; null where it is absent.</summary>
    public static string? Find(string name)
    {
        for (var dir = Directory.GetParent(Repository.Root); dir is not null; dir = dir.Parent)
            if (Path.Combine(dir.FullName, "shared", "data", name) is var path && File.Exists(path))
                return path;
        return null;
    }

    /// <summary>As <see cref="Find"/>, but skips the test where the file is absent.</summary>
    public static string Require(string name)
    {
        var found = Find(name);
        Assert.SkipWhen(found is null, $"shared/data/{name} is not beside this checkout");
        return found!;
    }
}
