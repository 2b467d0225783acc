using System.Reflection;
using System.Text;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>Prints the cases and items with the result of each backend, and the reason for each difference.</summary>
internal static class CaseTable
{
    private const int Column = 14;

    // case                                              PostgreSQL  MongoDB
    // A row under another cluster label is adopted      yes         differs [1]
    public static string Print(Seq<Mirror> backends)
    {
        var cases = typeof(ConformanceCases).GetMethods()
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .OrderBy(method => method.MetadataToken)
            .Select(method => method.Name)
            .ToSeq();
        Assert.All(backends.Bind(it => it.Differences), it => Assert.Contains(it.Case, cases));

        var text = new StringBuilder();
        var notes = new List<string>();
        text.Append("Guarantees of every backend. Each line is a test that runs on each of them.\n\n");
        Table(text, backends, "case", cases.Map(name => (name.Replace('_', ' '), backends.Map(it => it.Differences
            .Find(difference => difference.Case == name)
            .Match(difference => "differs " + Note($"{difference.Instead}: {difference.Why}"), () => "yes")))));

        text.Append("\nResults of hostile items: equal = every digit is read back; sanitized = U+FFFD replaces characters that no backend stores;\n")
            .Append("rounded = a number lost digits; rejected = counted and reported, and the rest of the snapshot is written.\n\n");
        Table(text, backends, "item", HostileItem.All.Map(item => (item.Name, backends.Map(it =>
            item.FateIn(it.Backend).ToString().ToLowerInvariant() + (item.ExemptionIn(it.Backend) is { } exemption ? " " + Note(exemption.Why) : "")))));

        text.Append('\n').AppendJoin("", notes.Select((note, i) => FormattableString.Invariant($"[{i + 1}] {note}\n")));
        return text.ToString();

        string Note(string why)
        {
            if (!notes.Contains(why))
                notes.Add(why);
            return FormattableString.Invariant($"[{notes.IndexOf(why) + 1}]");
        }
    }

    private static void Table(StringBuilder to, Seq<Mirror> backends, string what, Seq<(string Name, Seq<string> Cells)> lines)
    {
        var first = lines.Max(line => line.Name.Length) + 2;
        Line(what, backends.Map(it => it.Backend));
        foreach (var (name, cells) in lines)
            Line(name, cells);

        void Line(string name, Seq<string> cells) =>
            to.Append((name.PadRight(first) + string.Concat(cells.Map(cell => cell.PadRight(Column)))).TrimEnd()).Append('\n');
    }
}
