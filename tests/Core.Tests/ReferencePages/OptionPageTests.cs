using Kollect.Core.Backends.Postgres.Connections;
using Kollect.Core.Explanations;
using Kollect.Core.Manifests.Blocks;
using Kollect.Core.Manifests.Rules;

namespace Kollect.Core.Tests.ReferencePages;

public sealed class OptionPageTests
{
    [Fact]
    public void Every_option_has_its_place_on_the_page()
    {
        var page = new ReferencePage(
            "Options",
            "What `spec.options` of a sink takes: options of Kollect itself, and those that are passed on to server, driver or service. "
            + "Every value is text: write numbers and booleans in quotes.");
        page.Code(["spec:", "  options:", "    skip_unchanged: \"false\"", "    statement_timeout: \"5min\""], "yaml");
        page.Paragraph(
            "No option takes a secret: keys and values that look like one are refused "
            + "([KDB040](problems.md#kdb040-no-option-key-looks-like-a-secret)). "
            + "`kollect probe` tries the options on the server.");

        page.Heading(2, "PostgreSQL").Items(Items("postgres"));
        page.Paragraph(
            "Every other option is a parameter of the server, under its PostgreSQL name, with a value as `SET` takes it. It is set for each "
            + "transaction of Kollect "
            + "(`set_config(name, value, true)`), and a pooler between sees nothing of it. Without `lock_timeout` a wait for a lock ends "
            + "after 30 s. A name that is "
            + "not in this list is passed on all the same, and warned about where it looks like a misspelt one:");
        page.Paragraph(string.Join(", ", ServerParameters.WellKnown.Map(name => $"`{name}`")) + ".");
        page.Paragraph("These are refused:").Items(ServerParameters.Forbidden.AsEnumerable().Select(it => (it.Name, "", Sentence(it.Why))));

        page.Heading(2, "MongoDB").Items(Items("mongodb"));
        page.Paragraph(
            "An option that the sink does not set is that of the connection string, else the driver's default. Names are spelled as in the "
            + "MongoDB manual "
            + "(Connection String Options). Any other name is refused.");

        page.Heading(2, "BigQuery").Items(Items("bigquery"));
        page.Paragraph("Any other name is refused. There is no ledger.");
        page.Verify("options.md");
    }

    [Fact]
    public void Every_option_of_a_backend_has_words()
    {
        foreach (var block in BackendBlocks.All)
        {
            var texts = Topics.OptionsOf(block);
            Assert.Equal(block.OwnOptions, OptionRules.Texts.Map(it => it.Name).Filter(name => block.OwnOptions.Contains(name)));
            Assert.Equal(texts.Count, texts.Map(it => it.Name).Distinct().Count);
            Assert.All(texts, it => Assert.All([it.Values, it.Default, it.Meaning], Assert.NotEmpty));
        }
    }

    private static IEnumerable<(string Name, string Facts, string Prose)> Items(string backend) =>
        Topics.OptionsOf(BackendBlocks.All.Find(it => it.Name == backend).IfNone(() => throw new InvalidOperationException()))
            .AsEnumerable().Select(it => (it.Name, $"{it.Values}; default: {it.Default}", it.Meaning));

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
