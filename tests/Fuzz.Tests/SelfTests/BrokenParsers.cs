using System.Text;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.SelfTests;

/// <summary>The faults that parsers typically have. Each shows on rare inputs only.</summary>
public enum Fault
{
    /// <summary>The parser is correct.</summary>
    None,

    /// <summary>Throws at a token that no seed holds.</summary>
    ThrowsAtRareToken,

    /// <summary>Never ends at a quote that is not closed.</summary>
    Hangs,

    /// <summary>Takes time by the square of the number of separators.</summary>
    IsQuadratic,

    /// <summary>Takes memory by the square of a number's digits.</summary>
    Allocates,

    /// <summary>Does not return an item whose name occurred before.</summary>
    LosesItem,

    /// <summary>Depends on an earlier call.</summary>
    Remembers,

    /// <summary>Repeats a password in a message.</summary>
    Leaks,
}

/// <summary>
/// A parser of <c>name=value;…</c> whose values may stand in quotes, with one fault, and the rules that a target has: each item is returned, no message
/// holds the password.
/// </summary>
internal sealed class BrokenParser(Fault fault) : FuzzTarget($"broken-{fault}")
{
    public const string Password = "hunter2Zq";

    private int calls;
    private volatile bool isStopped;

    /// <summary>Ends a run that would never end.</summary>
    public void Stop() => isStopped = true;

    public override InputForm Form => InputForm.Json;

    public override IReadOnlyList<string> Tokens => ["host", "port", "password", "'", ";", "=", "%"];

    public override string Run(byte[] input)
    {
        var text = Encoding.Latin1.GetString(input);
        var (items, problem) = Parse(text);
        Assert.DoesNotContain(Password, problem ?? "", StringComparison.Ordinal);
        if (problem is null)
            Assert.Equal(Count(text), items.Count);
        return $"{problem} {string.Join('|', items)} {(fault == Fault.Remembers && items.Count > 6 ? calls++ : 0)}";
    }

    private (List<string> Items, string? Problem) Parse(string text)
    {
        var items = new List<string>();
        for (var at = 0; !isStopped && at < text.Length;)
        {
            var start = at;
            var isQuoted = false;
            while (!isStopped && at < text.Length && (isQuoted || text[at] != ';'))
            {
                isQuoted ^= text[at] == '\'';
                // The quote that is not closed is looked for again from the start.
                at = fault == Fault.Hangs && isQuoted && at == text.Length - 1 ? start : at + 1;
                if (fault == Fault.Hangs && at == start)
                    isQuoted = false;
            }

            if (isQuoted)
                return (items, "a quote is never closed");
            var item = text[start..at++];
            if (item.Length == 0)
                continue;
            if (Broken(items, item) is { } problem)
                return (items, problem);
            if (fault != Fault.LosesItem || !items.Contains(item))
                items.Add(item);
        }

        return (items, null);
    }

    private string? Broken(List<string> items, string item)
    {
        switch (fault)
        {
            case Fault.ThrowsAtRareToken when item.Contains("%zz", StringComparison.Ordinal):
                throw new FormatException("%zz");
            case Fault.IsQuadratic:
                // Each item is compared with all before it, by every letter.
                _ = items.Count(other => other.Intersect(item).Any());
                return null;
            case Fault.Allocates when item.Count(char.IsAsciiDigit) is var digits and > 100:
                _ = new byte[digits * digits * 200];
                return null;
            case Fault.Leaks when item.StartsWith("password", StringComparison.Ordinal) && !item.Contains('=', StringComparison.Ordinal):
                return $"no value: {item}";
            default:
                return null;
        }
    }

    private static int Count(string text) =>
        string.Join('\'', text.Split('\'').Select((part, at) => at % 2 == 0 ? part : part.Replace(';', ' '))).Split(';').Count(item => item.Length > 0);
}
