using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Collection;
using LanguageExt.ClassInstances;
using static Kollect.Core.Tests.Manifests.InventoryManifests;

namespace Kollect.Core.Tests.Collection;

/// <summary>The namespaces that targets of namespace <c>platform</c> collect from.</summary>
public sealed class NamespaceGrantsTests
{
    private const string Everything = "{}";

    private const string RuleForDb = """
        { "resourceRules": [ { "gvk": { "group": "apps", "version": "v1", "kind": "Deployment" }, "namespaceSelector": { "matchLabels": { "team": "b" } } } ] }
        """;

    private static readonly Map<OrdStringOrdinal, string, string> NoLabels = LanguageExt.Map<OrdStringOrdinal, string, string>.Empty;

    private static readonly KnownNamespace[] Cluster =
    [
        Namespace("platform", null), Namespace("shop", "lab, platform", ("team", "a")), Namespace("lab", "shop", ("team", "a")),
        Namespace("db", null, ("team", "b")), Namespace("open", "*", ("team", "c")), Namespace("closed", "platform", ("kollect.dev/watch", "false")),
    ];

    [Fact]
    public void The_words_say_which_namespaces_are_collected_which_are_not_and_how_they_are_granted()
    {
        var text = new StringBuilder();
        Append("no selector", Everything);
        Append("no selector, of an operator that did not know grants", Everything, mayHoldRows: true);
        Append("a label, and all grant it", """{ "matchLabels": { "team": "c" } }""");
        Append("a label, and one does not grant it", """{ "matchLabels": { "team": "a" } }""");
        Append("the same, of an operator that did not know grants", """{ "matchLabels": { "team": "a" } }""", mayHoldRows: true);
        Append("every name but one", """{ "matchExpressions": [ { "key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["db"] } ] }""");
        Append("its own name", Named("platform"), mayHoldRows: true);
        Append("names that grant it", Named("platform", "shop", "open"));
        Append("a name that does not grant it", Named("db"));
        Append("a name that does not exist", Named("dc"));
        Append("several names", Named("a", "b", "c", "d", "e", "f", "shop"));
        AppendSpec("included namespaces", """{ "includedNamespaces": [ "platform", "shop", "db" ] }""");
        AppendSpec("included namespaces that grant it, but one", """{ "includedNamespaces": [ "open", "db" ], "excludedNamespaces": [ "db" ] }""");
        AppendSpec("all but some", """{ "excludedNamespaces": [ "shop" ], "namespaceExcludeSelector": { "matchLabels": { "team": "b" } } }""");
        Golden.Verify(text.ToString(), "collection/namespace-grants.txt");

        void Append(string title, string selector, bool mayHoldRows = false) => AppendGrants(title, Of(selector, mayHoldRows: mayHoldRows));

        void AppendSpec(string title, string spec) =>
            AppendGrants(title, NamespaceGrants.Of(WithFields(spec), acrossNamespaces: false, Cluster, mayHoldRows: false));

        void AppendGrants(string title, LanguageExt.Option<NamespaceGrants> of)
        {
            var grants = of.IfNone(() => throw new InvalidOperationException());
            var (isGranted, reason, message) = grants.Words;
            var problem = grants.Problem.Match(it => $"{it.Reason.Name}, no row is deleted", () => "the rows become the snapshot");
            text.Append(CultureInfo.InvariantCulture, $"{title} ({problem})\n  NamespacesGranted={isGranted} {reason.Name}: {message}\n");
        }
    }

    /// <summary>Each field of a target that speaks of namespaces, with a namespace that has not granted it.</summary>
    [Theory]
    [InlineData("""{ "includedNamespaces": [ "db" ] }""")]
    [InlineData("""{ "excludedNamespaces": [ "platform" ] }""")]
    [InlineData("""{ "namespaceExcludeSelector": { "matchLabels": { "team": "a" } } }""")]
    [InlineData("""{ "namespaceSelector": { "matchLabels": { "team": "b" } } }""")]
    [InlineData(RuleForDb)]
    [InlineData("""{ "watchMode": "OptIn" }""")]
    [InlineData("""{ "names": [ "web" ] }""")]
    [InlineData("""{ "profileRef": { "name": "deployments", "namespace": "platform" } }""")]
    public void No_field_of_a_target_reads_a_namespace_that_has_not_granted_it(string fields)
    {
        var target = WithFields(fields);
        var plan = new TargetPlan.Collect(target, Deployments, NamespaceGrants.Of(target, acrossNamespaces: false, Cluster, mayHoldRows: false));
        Assert.False(plan.MayRead(Cluster.Single(it => it.Name == "db")));
        Assert.IsType<Extracted.NotIncluded>(Extraction.Item(plan, Object("db"), Find));
    }

    [Fact]
    public void A_rule_of_another_kind_than_the_profile_deletes_no_row()
    {
        var target = WithFields("""{ "resourceRules": [ { "gvk": { "version": "v1", "kind": "Pod" } } ] }""");
        var plan = TargetPlan.Of(
            Right<Seq<Kollect.Core.Failures.Problem>, Target>(target),
            Some(Right<Seq<Kollect.Core.Failures.Problem>, Profile>(Deployments)),
            new KindAvailability.Served(IsNamespaced: true),
            new NamespacesAvailability.Known(),
            None);
        Assert.Equal("RuleOfAnotherKind", Assert.IsType<TargetPlan.Unlistable>(plan).Reason.Name);
        Assert.IsType<TargetListing.Unlistable>(plan.Listing(WatchProgress.Begun.Listed(), 1));
    }

    [Fact]
    public void A_namespace_that_does_not_exist_has_the_words_of_one_that_grants_nothing() => Assert.Equal(
        Of(Named("db")).Map(it => it.Words.Message), Of(Named("dc")).Map(it => it.Words.Message.Replace("dc", "db", StringComparison.Ordinal)));

    [Theory]
    [InlineData("platform", true)]
    [InlineData("shop", true)]
    [InlineData("open", true)]
    [InlineData("lab", false)]
    [InlineData("db", false)]
    public void A_target_reads_its_own_namespace_and_those_that_grant_it(string @namespace, bool expected)
    {
        var of = Cluster.Single(it => it.Name == @namespace);
        Assert.Equal(expected, Plan(Everything).MayRead(of));
        Assert.IsType(
            expected ? typeof(Extracted.Collected) : typeof(Extracted.NotIncluded), Extraction.Item(Plan(Everything), Object(@namespace), Find));
        Assert.IsType<Extracted.Collected>(Extraction.Item(Plan(Everything, acrossNamespaces: true), Object(@namespace), Find));
        Assert.IsType<Extracted.Collected>(Extraction.Item(new TargetPlan.Collect(OfCluster, Deployments, None), Object(@namespace), Find));
    }

    /// <summary>Nobody can grant an object without a namespace.</summary>
    [Fact]
    public void An_object_without_a_namespace_is_collected_by_unlimited_targets_only()
    {
        Assert.IsType<Extracted.NotIncluded>(Extraction.Item(Plan(Everything), Object(null), Find));
        Assert.IsType<Extracted.Collected>(Extraction.Item(Plan(Everything, acrossNamespaces: true), Object(null), Find));
        Assert.IsType<Extracted.Collected>(Extraction.Item(new TargetPlan.Collect(OfCluster, Deployments, None), Object(null), Find));
        var plan = TargetPlan.Of(
            Right<Seq<Kollect.Core.Failures.Problem>, Target>(Selecting(Everything)),
            Some(Right<Seq<Kollect.Core.Failures.Problem>, Profile>(Deployments)),
            new KindAvailability.Served(IsNamespaced: false),
            new NamespacesAvailability.Known(),
            Of(Everything));
        Assert.Equal("KindHasNoNamespace", Assert.IsType<TargetPlan.Unlistable>(plan).Reason.Name);
    }

    [Fact]
    public void A_target_of_the_cluster_or_of_an_unlimited_operator_needs_no_grant()
    {
        Assert.True(NamespaceGrants.Of(OfCluster, acrossNamespaces: false, Cluster, mayHoldRows: true).IsNone);
        Assert.True(NamespaceGrants.Of(Selecting(Named("db")), acrossNamespaces: true, Cluster, mayHoldRows: true).IsNone);
    }

    [Fact]
    public void No_row_is_deleted_while_a_named_namespace_grants_nothing_and_none_before_all_is_listed()
    {
        var named = Plan(Named("db"));
        Assert.IsType<TargetListing.Pending>(named.Listing(WatchProgress.Begun, 1));
        Assert.IsType<TargetListing.Unlistable>(named.Listing(WatchProgress.Begun.Listed(), 1));
        Assert.IsType<TargetListing.Listed>(Plan("""{ "matchLabels": { "team": "a" } }""").Listing(WatchProgress.Begun.Listed(), 1));
        Assert.IsType<TargetListing.Listed>(Plan(Everything).Listing(WatchProgress.Begun.Listed(), 1));
    }

    [Fact]
    public void A_changed_grant_is_read_again_and_another_change_is_not()
    {
        var (before, after) = (Namespace("db", null), Namespace("db", "platform"));
        Assert.True(Plan(Everything).Distinguishes(before, after));
        Assert.True(Plan(Everything).Distinguishes(after, before));
        Assert.False(Plan(Everything).Distinguishes(before, Namespace("db", "lab")));
        Assert.False(Plan(Everything, acrossNamespaces: true).Distinguishes(before, after));
    }

    private static Profile Deployments => Parsed<Profile>("KollectProfile", JsonNode.Parse(ProfileSpec)!);

    private static Target OfCluster =>
        Parsed<Target>("KollectClusterTarget", JsonNode.Parse("""{ "profileRef": "deployments", "profileNamespace": "platform" }""")!);

    private static Target Selecting(string selector) => Parsed<Target>(
        "KollectTarget", new JsonObject { ["profileRef"] = "deployments", ["namespaceSelector"] = JsonNode.Parse(selector) });

    private static Target WithFields(string fields)
    {
        var spec = JsonNode.Parse(fields)!.AsObject();
        spec["profileRef"] ??= "deployments";
        return Parsed<Target>("KollectTarget", spec);
    }

    private static LanguageExt.Option<NamespaceGrants> Of(string selector, bool acrossNamespaces = false, bool mayHoldRows = false) =>
        NamespaceGrants.Of(Selecting(selector), acrossNamespaces, Cluster, mayHoldRows);

    private static TargetPlan.Collect Plan(string selector, bool acrossNamespaces = false) =>
        new(Selecting(selector), Deployments, Of(selector, acrossNamespaces));

    private static string Named(params string[] names) => new JsonObject
    {
        ["matchExpressions"] = new JsonArray(new JsonObject
        {
            ["key"] = NamespaceGrants.NameLabel,
            ["operator"] = "In",
            ["values"] = new JsonArray([.. names.Select(it => (JsonNode)it)]),
        }),
    }.ToJsonString();

    private static KnownNamespace Namespace(string name, string? grant, params (string, string)[] labels) =>
        new(name, NoLabels.AddRange([(NamespaceGrants.NameLabel, name), .. labels]), Optional(grant));

    private static LanguageExt.Option<KnownNamespace> Find(string name) => Optional(System.Array.Find(Cluster, it => it.Name == name));

    private static ReadOnlyMemory<byte> Object(string? @namespace) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = "Deployment",
        ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = @namespace, ["uid"] = "u1" },
        ["spec"] = new JsonObject { ["replicas"] = 1 },
    }.ToJsonString());
}
