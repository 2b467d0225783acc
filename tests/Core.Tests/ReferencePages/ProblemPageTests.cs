using Kollect.Core.Explanations;
using Kollect.Core.Manifests;

namespace Kollect.Core.Tests.ReferencePages;

public sealed class ProblemPageTests
{
    [Fact]
    public void Every_id_has_its_place_on_the_page()
    {
        var page = new ReferencePage(
            "Problems and warnings",
            "What validation says of a manifest: each problem and warning with its id, the rule, an example and what to do. "
            + "`kollect validate`, the admission webhook and the operator use the same rules; `kollect explain KDB040` prints the same as "
            + "this page.");
        page.Paragraph(
            "A manifest with a problem is refused: the heading is the rule that it breaks. A warning is about a valid manifest, whose effect may surprise. "
            + "Ids are never reused. "
            + "An example shows what is wrong in an otherwise valid manifest, then the message.");
        Append(page, "Of the schema", "KDB0", "KDB020", "The schema of the CustomResourceDefinitions finds these in any manifest.");
        Append(page, "Of sinks", "KDB020", "KDB101", "`KollectDatabaseSink`.");
        Append(page, "Of inventories", "KDB101", "KDB201", "`KollectInventory` and `KollectClusterInventory`.");
        Append(page, "Of profiles", "KDB201", "KDB301", "`KollectProfile`.");
        Append(page, "Of targets", "KDB301", "KDB401", "`KollectTarget` and `KollectClusterTarget`.");
        Append(page, "Of every object", "KDB401", "KDB501", "Name and namespace of the object itself.");
        Append(page, "Warnings", "KDB501", "KDB601", "About any of these objects.");
        Append(page, "Of scopes", "KDB601", "KDB701", "`KollectScope` and `KollectClusterScope`.");
        Append(
            page, "Denied by a scope", "KDB701", "KDB999",
            "Of targets, inventories and sinks where a scope limits them: the webhook refuses the object, and without a webhook the operator reports it in "
            + "the object's status. A scope never allows more than the [grants](../concepts/security.md).");
        page.Verify("problems.md");

        Assert.All(Topics.Problems, it => Assert.Contains($"### {it.Name}: ", page.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_id_has_words_of_its_own_and_an_example_that_shows_it()
    {
        var ids = Topics.Problems.Map(it => it.Name).AsEnumerable().ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(Enum.GetValues<StructuralProblemKind>().Select(StructuralIds.Of).Order(StringComparer.Ordinal), StructuralIds.Texts.Map(it => it.Id));
        Assert.Equal(ids.Except(ProblemExamples.Unbreakable.Keys), ProblemExamples.ById.Keys);
        Assert.All(Topics.Problems, it =>
        {
            Assert.NotEmpty(it.Meaning);
            Assert.EndsWith(".", it.Remedy.IfNone(""), StringComparison.Ordinal);
            Assert.Equal(ProblemExamples.Unbreakable.ContainsKey(it.Name), it.Example.IsEmpty);
            Assert.True(it.Example.IsEmpty || it.Messages.Exists(line => line.StartsWith(it.Name, StringComparison.Ordinal)), it.Name);
        });
    }

    /// <summary>Once a field has such a limit, its id can be shown by an example, and must be.</summary>
    [Fact]
    public void A_rule_without_an_example_is_one_that_no_field_of_a_spec_has()
    {
        var specs = Directory.EnumerateFiles(Repository.At("crds"), "*.yaml").SelectMany(file => File.ReadLines(file)
            .SkipWhile(line => line != "          spec:").TakeWhile(line => line != "          status:")).Select(line => line.Trim()).ToArray();
        Assert.Contains(specs, line => line.StartsWith("maxItems:", StringComparison.Ordinal));
        string[] limits = ["pattern:", "minItems:", "minProperties:", "minimum:", "maximum:", "type: integer", "type: number"];
        Assert.All(limits, limit => Assert.DoesNotContain(specs, line => line.StartsWith(limit, StringComparison.Ordinal)));
    }

    private static void Append(ReferencePage page, string title, string from, string to, string about)
    {
        page.Heading(2, title).Paragraph(about);
        foreach (var it in Topics.Problems.Filter(it => string.CompareOrdinal(it.Name, from) >= 0 && string.CompareOrdinal(it.Name, to) < 0))
        {
            page.Heading(3, $"{it.Name}: {it.Meaning.TrimEnd('.')}");
            if (!it.Facts.IsEmpty)
                page.Paragraph($"{Upper(it.Facts.Head)}.");
            page.Code(it.Example, "yaml");
            if (!it.Messages.IsEmpty)
                page.Items(it.Messages.AsEnumerable().Select(message => ("", "", message)));
            page.Paragraph(it.Remedy.IfNone(""));
        }
    }

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
