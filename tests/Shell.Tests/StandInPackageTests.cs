namespace Kollect.Shell.Tests;

/// <summary>A stand-in without a package would check less than it claims; it does not start.</summary>
public sealed class StandInPackageTests
{
    [Fact]
    public async Task A_stand_in_without_one_of_its_packages_ends_and_names_it()
    {
        StandIns.RequireInstalled("yaml");

        var report = await StandIns.RunAsync("program.test.js", []);

        Assert.Matches(@"(?m)^\W+ pass [1-9]\d*$", report);
        Assert.Matches(@"(?m)^\W+ fail 0$", report);
    }
}
