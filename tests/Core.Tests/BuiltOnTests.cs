using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Kollect.Core.Tests;

/// <summary>"Built on" of docs/project.md names the packages with the versions that are pinned.</summary>
public sealed partial class BuiltOnTests
{
    private static readonly string[] NotNamed =
    [
        "FSharp.Core", "Microsoft.CodeAnalysis.BannedApiAnalyzers", "Microsoft.CodeAnalysis.CSharp", "Microsoft.CodeAnalysis.PublicApiAnalyzers",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Hosting.Abstractions", "Microsoft.NET.Test.Sdk", "MongoDB.Bson",
        "OpenTelemetry.Exporter.OpenTelemetryProtocol", "xunit.runner.visualstudio", "xunit.v3.assert", "xunit.v3.extensibility.core",
    ];

    [Fact]
    public void The_page_names_each_package_with_its_version()
    {
        var named =
            from line in Pages.Read("docs/project.md").Split('\n').SkipWhile(line => line != "## Built on").Skip(1).TakeWhile(line => !line.StartsWith('#'))
            let row = Row().Match(line)
            where row.Success
            from pair in row.Groups[1].Value.Split(", ").Zip(Versions(row), (name, version) => $"{name} {version}")
            select pair;
        Assert.Equal(Pinned().Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    /// <summary>One version stands for all packages of its row.</summary>
    private static IEnumerable<string> Versions(Match row) =>
        row.Groups[2].Value.Split(", ") is [var one] ? Enumerable.Repeat(one, row.Groups[1].Value.Split(", ").Length) : row.Groups[2].Value.Split(", ");

    private static IEnumerable<string> Pinned() =>
        from package in XDocument.Load(Repository.At("Directory.Packages.props")).Descendants("PackageVersion")
        let name = package.Attribute("Include")!.Value
        where !NotNamed.Contains(name)
        select $"{name.Replace(".mtp-off", "", StringComparison.Ordinal)} {package.Attribute("Version")!.Value}";

    [GeneratedRegex(@"^\| ([\w., -]+) \| ([\d., ]+) \|")]
    private static partial Regex Row();
}
