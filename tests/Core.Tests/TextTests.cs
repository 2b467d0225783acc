using System.Text.RegularExpressions;

namespace Kollect.Core.Tests;

/// <summary>Rules of every source file: lines that fit on a screen, and the words of the glossary.</summary>
public sealed partial class TextTests
{
    private static readonly string[] Sources = ["Core", "Shell", "Generators", "tests"];

    private static IEnumerable<string> Code => Sources
        .SelectMany(folder => Directory.EnumerateFiles(Repository.At(folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !Built().IsMatch(file));

    private static IEnumerable<string> Prose => Pages.All.Select(Repository.At);

    /// <summary>Tables and help texts, which have no width of their own.</summary>
    private static bool IsGenerated(string file) => file.StartsWith(Repository.At("docs/reference"), StringComparison.Ordinal);

    [Fact]
    public void Lines_of_code_have_at_most_160_characters() => Assert.Empty(Longer(Code, 160));

    [Fact]
    public void Lines_of_prose_have_at_most_120_characters() => Assert.Empty(Longer(Prose.Where(file => !IsGenerated(file)), 120));

    /// <summary>Core's README has a glossary; these are the words that it replaced.</summary>
    [Fact]
    public void Words_that_the_glossary_replaced_are_gone()
    {
        var found =
            from file in Code.Concat(Prose)
            where Path.GetFileName(file) != "TextTests.cs"
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            from word in Replaced().Matches(line.Text).Select(match => match.Value)
            select FormattableString.Invariant($"{Path.GetRelativePath(Repository.Root, file)}:{line.Number} says {word}");
        Assert.Empty(found);
    }

    /// <summary>[Property] shows seed and arguments of a failure, and runs more cases in a soak.</summary>
    [Fact]
    public void Properties_are_checked_by_their_attribute_alone() => Assert.Empty(
        from file in Code
        where Path.GetFileName(file) != "TextTests.cs"
        where CheckedByHand().IsMatch(File.ReadAllText(file))
        select Path.GetRelativePath(Repository.Root, file));

    private static IEnumerable<string> Longer(IEnumerable<string> files, int characters) =>
        from file in files
        from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
        where line.Text.Length > characters
        select FormattableString.Invariant($"{Path.GetRelativePath(Repository.Root, file)}:{line.Number} has {line.Text.Length} characters");

    [GeneratedRegex(
        @"\b(Turns|TurnAsync|Told"
        + @"|Lanes|Notices|PassLoop|PassAsync|TrackedObjects?|Untold|EventWriter|TellAsync|Happening|ExportBrokenOff|RemovalBrokenOff|BreakOff"
        + @"|(Inventory|Ref|Leaving|Secret|Sink|Next)Looks?|(Sink|Kind|Namespaces)Sight|Turned|PlaceCleanup|Patience|SinkTrail"
        + @"|(Ref|Inventory|Sink)Memory|Surroundings|ElementFacts|ReportedFailure)\b")]
    private static partial Regex Replaced();

    [GeneratedRegex(@"\bQuickCheck\w*|\.Check\(Config\.|\bQuickThrowOnFailure\b")]
    private static partial Regex CheckedByHand();

    [GeneratedRegex(@"[/\\](obj|bin|artifacts|node_modules)[/\\]")]
    private static partial Regex Built();
}
