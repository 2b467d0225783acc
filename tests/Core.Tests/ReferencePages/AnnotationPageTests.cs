using System.Text.RegularExpressions;
using Kollect.Core.Explanations;

namespace Kollect.Core.Tests.ReferencePages;

public sealed partial class AnnotationPageTests
{
    [Fact]
    public void Every_annotation_label_and_finalizer_has_its_place_on_the_page()
    {
        var page = new ReferencePage(
            "Annotations, labels and finalizers",
            "What the operator reads from the metadata of objects, and what it writes there. Set one with `kubectl annotate` or `kubectl "
            + "label`; in manifests the "
            + "values `true` and `false` need quotes.");
        foreach (var (kind, title) in new[] { ("annotation", "Annotations"), ("label", "Labels"), ("finalizer", "Finalizers") })
            page.Heading(2, title).Items(Marks.All.Filter(it => it.Kind == kind).AsEnumerable()
                .Select(it => (it.Name, $"on {it.On}{(it.Values.Length == 0 ? "" : $"; {it.Values}")}", it.Meaning)));
        page.Paragraph(
            "A finalizer delays the deletion of its object. The operator removes it; where the operator is gone for good, remove it by hand "
            + "with `kubectl edit`.");
        page.Verify("annotations.md");
    }

    [Fact]
    public void Every_name_below_kollect_dev_in_code_and_manifests_is_in_the_table()
    {
        string[] folders = ["Core", "Shell"];
        var named =
            from folder in folders
            from file in Directory.EnumerateFiles(Repository.At(folder), "*", SearchOption.AllDirectories)
            where Path.GetExtension(file) is ".cs" or ".yaml" && !Built().IsMatch(file)
            from name in Names().Matches(File.ReadAllText(file)).Select(match => match.Value)
            select name;
        string[] others = ["kollect.dev/v", "kollect.dev/operator"];
        Assert.Equal(
            Marks.All.Map(it => it.Name).OrderBy(it => it, StringComparer.Ordinal),
            named.Where(name => !others.Any(other => name.StartsWith(other, StringComparison.Ordinal))).Distinct().Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("(?<![\\w.])kollect\\.dev/[a-z][a-z0-9-]*")]
    private static partial Regex Names();

    [GeneratedRegex(@"[/\\](obj|bin|artifacts)[/\\]")]
    private static partial Regex Built();
}
