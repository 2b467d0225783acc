using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Collection;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Tests.Collection;

public sealed class SelectionTests
{
    private static readonly Map<OrdStringOrdinal, string, string> None = Labels();

    [Theory]
    [InlineData("app=web", true)]
    [InlineData("app=api", false)]
    [InlineData("app in (api,web)", true)]
    [InlineData("app!=web", false)]
    [InlineData("tier!=web", true)]
    [InlineData("app notin (api,db)", true)]
    [InlineData("app", true)]
    [InlineData("tier", false)]
    [InlineData("!app", false)]
    [InlineData("!tier", true)]
    public void A_requirement_holds_as_in_Kubernetes(string text, bool expected)
    {
        var requirement = Requirements.Single(it => it.ToString() == text);
        Assert.Equal(expected, requirement.Matches(Labels(("app", "web"))));
    }

    [Fact]
    public void All_requirements_must_hold() =>
        Assert.Equal([true, false], new[] { "app", "tier" }.Select(key =>
            LabelSelector.Of([LabelRequirement.In("app", Seq1("web")), new LabelRequirement.Present(key)]).Matches(Labels(("app", "web")))));

    [Property]
    public Property The_order_in_which_a_selector_is_written_does_not_matter() =>
        Prop.ForAll(Arb.From(Gen.Shuffle(Requirements.Concat(Requirements).ToArray())), shuffled =>
        {
            Assert.Equal(LabelSelector.Of(Requirements), LabelSelector.Of(shuffled));
            Assert.Equal("!app,!tier,app,app in (api,web),app notin (api,db),app!=web,app=api,app=web,tier,tier!=web", LabelSelector.Of(shuffled).ToString());
        });

    [Fact]
    public void A_selector_without_requirements_has_an_empty_text() =>
        Assert.Equal(("", true), (LabelSelector.Everything.ToString(), LabelSelector.Everything.Matches(None)));

    [Fact]
    public void The_watch_label_decides_by_mode_object_and_namespace()
    {
        string?[] values = [null, "true", "false", "yes"];
        var table = from mode in new[] { WatchMode.All, WatchMode.OptIn }
                    from own in values
                    from ns in values
                    select $"{mode,-5} | {own ?? "",-6} | {ns ?? "",-9} | {(WatchLabel.Allows(mode, Watch(own), Watch(ns)) ? "collected" : "left out")}\n";
        Golden.Verify($"mode  | object | namespace |\n{string.Concat(table)}", "collection/watch-label.txt");
    }

    [Theory]
    [InlineData("enabled", "true")]
    [InlineData("disabled", "false")]
    public void Enabled_and_disabled_mean_true_and_false(string word, string value) =>
        Assert.All(
            new[] { WatchMode.All, WatchMode.OptIn },
            mode => Assert.Equal(WatchLabel.Allows(mode, Watch(value), None), WatchLabel.Allows(mode, Watch(word), None)));

    [Fact]
    public void The_selector_for_the_API_server_matches_every_collected_object()
    {
        var selection = new ObjectSelection(
            NamespaceSelection.Everything, LabelSelector.Of([LabelRequirement.In("app", Seq1("web"))]), [], [], WatchMode.All);
        Assert.Equal("app=web,kollect.dev/watch notin (disabled,false)", selection.ForServer.ToString());
        string[] values = ["web", "api", "true", "false"];
        var labels = from app in values from watch in values select Labels(("app", app), (WatchLabel.Key, watch));
        Assert.All(labels, it => Assert.True(!selection.Includes("x", it, Some(Shop())) || selection.ForServer.Matches(it)));
        Assert.Contains(labels, it => selection.Includes("x", it, Some(Shop())));
    }

    [Fact]
    public void An_object_must_meet_every_condition_and_a_cluster_scoped_object_meets_any_namespace_selector()
    {
        var production = LabelSelector.Of([LabelRequirement.In("env", Seq1("prod"))]);
        var selection = new ObjectSelection(
            NamespaceSelection.Everything with { Labels = production }, LabelSelector.Everything, Seq("web", "api"), [], WatchMode.All);
        Assert.True(selection.Includes("web", None, Some(Shop(("env", "prod")))));
        Assert.False(selection.Includes("web", None, Some(Shop(("env", "test")))));
        Assert.False(selection.Includes("db", None, Some(Shop(("env", "prod")))));
        Assert.True(selection.Includes("web", None, LanguageExt.Option<KnownNamespace>.None));
    }

    /// <summary>A field that widened the choice would let a tenant read what its namespace selector leaves out.</summary>
    [Property(MaxTest = 300)]
    public Property The_fields_about_namespaces_and_rules_only_narrow()
    {
        var name = Gen.Elements("shop", "lab", "db");
        var selector = Gen.Elements(Requirements).ListOf().Select(it => LabelSelector.Of(it.Take(2)));
        var labels = from app in Gen.Elements("web", "api", "db") from tier in Gen.Elements("web", "back") select Labels(("app", app), ("tier", tier));
        var namespaces = from labelled in selector
                         from included in name.ListOf()
                         from excluded in name.ListOf()
                         from isExcluding in Gen.Elements(true, false)
                         from excluding in selector
                         select new NamespaceSelection(
                             labelled, included.ToSeq(), excluded.ToSeq(), isExcluding ? Some(excluding) : LanguageExt.Option<LabelSelector>.None);
        var pod = new ResourceKind("", "v1", "Pod");
        var rules = (from ofNamespace in selector from ofObject in selector select new ResourceRule(pod, ofNamespace, ofObject, default))
            .ListOf().Select(it => it.ToSeq());
        var cases = from it in namespaces
                    from rule in rules
                    from of in labels
                    from labelled in labels
                    from named in name
                    select (it, rule, labelled, Of: new KnownNamespace(named, of, LanguageExt.Option<string>.None));
        return Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var narrow = new ObjectSelection(one.it, LabelSelector.Everything, [], one.rule, WatchMode.All);
            var wide = narrow with { Namespaces = NamespaceSelection.Everything with { Labels = one.it.Labels }, Rules = [] };
            var isSelected = narrow.Includes("web", one.labelled, Some(one.Of));
            return (!isSelected || (wide.Includes("web", one.labelled, Some(one.Of)) && narrow.IncludesOf(one.Of) && narrow.ForServer.Matches(one.labelled)))
                && (!one.it.Excluded.Contains(one.Of.Name) || !isSelected)
                && (one.it.Included.IsEmpty || one.it.Included.Contains(one.Of.Name) || !isSelected);
        });
    }

    [Theory]
    [InlineData("disabled", null, false)]
    [InlineData("disabled", "enabled", false)]
    [InlineData("enabled", "disabled", false)]
    [InlineData("enabled", null, true)]
    [InlineData("maybe", "enabled", true)]
    [InlineData(null, "false", false)]
    public void The_annotation_of_a_namespace_counts_as_its_label_and_false_wins(string? annotation, string? label, bool expected)
    {
        var json = new System.Text.Json.Nodes.JsonObject
        {
            ["metadata"] = new System.Text.Json.Nodes.JsonObject
            {
                ["name"] = "shop",
                ["labels"] = label is null ? null : new System.Text.Json.Nodes.JsonObject { [WatchLabel.Key] = label },
                ["annotations"] = annotation is null ? null : new System.Text.Json.Nodes.JsonObject { [WatchLabel.OfNamespace] = annotation },
            },
        };
        var shop = KnownNamespace.Read("shop", System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));
        Assert.Equal(expected, WatchLabel.Allows(WatchMode.OptIn, None, shop.Labels));
    }

    private static readonly LabelRequirement[] Requirements =
    [
        LabelRequirement.In("app", Seq1("web")), LabelRequirement.In("app", Seq1("api")), LabelRequirement.In("app", Seq("web", "api", "web")),
        LabelRequirement.NotIn("app", Seq1("web")), LabelRequirement.NotIn("tier", Seq1("web")), LabelRequirement.NotIn("app", Seq("db", "api")),
        new LabelRequirement.Present("app"), new LabelRequirement.Present("tier"), new LabelRequirement.Absent("app"), new LabelRequirement.Absent("tier"),
    ];

    private static KnownNamespace Shop(params (string, string)[] labels) => new("shop", Labels(labels), LanguageExt.Option<string>.None);

    private static Map<OrdStringOrdinal, string, string> Watch(string? value) => value is null ? None : Labels((WatchLabel.Key, value));

    private static Map<OrdStringOrdinal, string, string> Labels(params (string, string)[] labels) =>
        LanguageExt.Map<OrdStringOrdinal, string, string>.Empty.AddRange(labels);
}
