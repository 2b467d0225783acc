using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Collection;
using Kollect.Core.Collection.Scopes;

using Kollect.Core.Inventories.Scheduling;
using Kollect.Core.Manifests;
using Kollect.Core.Manifests.Admission;
using Kollect.Core.Tests.Operator;
using LanguageExt.ClassInstances;
using static Kollect.Core.Tests.Manifests.InventoryManifests;

namespace Kollect.Core.Tests.Collection.Scopes;

/// <summary>What scopes deny to the objects of namespace <c>platform</c> and of the cluster, at admission and without a webhook.</summary>
public sealed class ScopeTests
{
    private const string Limits = """
        {
          "allowedGVKs": [ { "group": "apps", "version": "v1", "kind": "deployment" } ],
          "allowedNamespaces": [ "platform", "shop", "kube-system" ], "deniedNamespaces": [ "kube-system" ],
          "databaseSinkRefs": [ "warehouse" ], "minExportInterval": "1m"
        }
        """;

    private const string ClusterLimits =
        """{ "deniedNamespaces": [ "kube-system" ], "allowedStaticRefNamespaces": [ "platform" ], "sinkRefs": [ "warehouse" ] }""";

    private static readonly KnownNamespace[] Cluster =
        [Namespace("platform"), Namespace("shop", "platform"), Namespace("lab", "platform"), Namespace("db"), Namespace("kube-system", "platform")];

    /// <summary>An object and the id of its denial; empty = it is allowed.</summary>
    private static readonly (string Title, string Kind, string Spec, string ProfileKind, string Id)[] Cases =
    [
        ("an allowed kind of its own namespace", "KollectTarget", """{ "profileRef": "p" }""", "Deployment", ""),
        ("another kind", "KollectTarget", """{ "profileRef": "p" }""", "DaemonSet", "KDB701"),
        ("a namespace that is not allowed", "KollectTarget", Selecting("platform", "lab"), "Deployment", "KDB702"),
        ("a namespace that is denied", "KollectTarget", Selecting("kube-system"), "Deployment", "KDB702"),
        ("a kind and a namespace", "KollectTarget", Selecting("lab"), "DaemonSet", "KDB701"),
        ("a target of the cluster", "KollectClusterTarget", """{ "profileRef": "p", "profileNamespace": "platform" }""", "DaemonSet", ""),
        ("a namespace that is denied to it", "KollectClusterTarget", OfCluster(Selecting("kube-system")), "DaemonSet", "KDB702"),
        ("a profile of another namespace", "KollectClusterTarget", """{ "profileRef": "p", "profileNamespace": "shop" }""", "DaemonSet", "KDB703"),
        ("an allowed sink", "KollectInventory", """{ "databaseSinkRefs": [ "warehouse" ] }""", "", ""),
        ("another sink", "KollectInventory", """{ "databaseSinkRefs": [ "warehouse", { "name": "mine" } ] }""", "", "KDB704"),
        ("a short interval of a ref", "KollectInventory", Ref("""{ "name": "warehouse", "exportMinInterval": "5s" }"""), "", "KDB705"),
        ("a short interval", "KollectInventory", """{ "databaseSinkRefs": [ "warehouse" ], "exportMinInterval": "59s" }""", "", "KDB705"),
        ("no repetition", "KollectInventory", """{ "databaseSinkRefs": [ "warehouse" ], "exportMinInterval": "0s" }""", "", ""),
        ("the default of the schema", "KollectInventory", """{ "databaseSinkRefs": [ "warehouse" ], "exportMinInterval": "30s" }""", "", ""),
        ("a sink of another namespace", "KollectClusterInventory", Ref("""{ "name": "warehouse", "namespace": "shop" }"""), "", "KDB703"),
        ("the same by sinkNamespace", "KollectClusterInventory", """{ "databaseSinkRefs": [ "warehouse" ], "sinkNamespace": "shop" }""", "", "KDB703"),
        ("another sink of the cluster", "KollectClusterInventory", Ref("""{ "name": "mine", "namespace": "platform" }"""), "", "KDB704"),
        ("a short interval of a sink", "KollectDatabaseSink", SinkWith("30s"), "", "KDB705"),
        ("a long interval of a sink", "KollectDatabaseSink", SinkWith("1h"), "", ""),
    ];

    public static TheoryData<string> Titles => new(Cases.Select(it => it.Title));

    [Fact]
    public void Each_rule_is_refused_at_admission_with_the_scope_and_what_it_allows()
    {
        var text = new StringBuilder();
        foreach (var it in Cases)
        {
            var response = Review(it.Kind, it.Spec, ScopesFor(it.Kind), it.ProfileKind)["response"]!;
            var message = (string?)response["status"]?["message"] ?? "allowed";
            Assert.Equal(it.Id.Length == 0, (bool)response["allowed"]!);
            Assert.Contains(it.Id, message, StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"{it.Title}\n  {message.Replace("\n", "\n  ", StringComparison.Ordinal)}\n");
        }

        Assert.Equal(
            ScopeDenials.All.Map(it => it.Id),
            Cases.Select(it => it.Id).Where(it => it.Length > 0).Append("KDB706").Distinct().Order().ToArray().ToSeq());
        Golden.Verify(text.ToString(), "admission/scope-denials.txt");
    }

    /// <summary>Without its profile the kind is unknown: the operator decides once the profile exists.</summary>
    [Fact]
    public void Admission_decides_by_what_is_known()
    {
        var closed = new ScopesInForce.Unreadable("scope limits is invalid: 1 problem: …");
        Assert.Contains("KDB706", Review("KollectTarget", """{ "profileRef": "p" }""", closed, "").ToJsonString(), StringComparison.Ordinal);
        Assert.True((bool)Review("KollectTarget", """{ "profileRef": "p" }""", ScopesFor("KollectTarget"), "")["response"]!["allowed"]!);
        var unread = Review("KollectTarget", """{ "profileRef": "p" }""", ScopesInForce.None, "", "the API server has not answered")["response"]!;
        Assert.True((bool)unread["allowed"]!);
        Assert.Contains("has not answered", unread["warnings"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KollectTarget", """{ "profileRef": "p" }""", "platform", "platform/p")]
    [InlineData("KollectClusterTarget", """{ "profileRef": "p", "profileNamespace": "lab" }""", "", "lab/p")]
    [InlineData("KollectInventory", """{ "databaseSinkRefs": [] }""", "platform", "")]
    [InlineData("KollectClusterInventory", """{ "sinkNamespace": "shop" }""", "", "")]
    public void Admission_asks_for_the_scopes_of_the_objects_own_namespace(string kind, string spec, string @namespace, string profile)
    {
        var question = ScopeQuestion.Of(Body(kind, spec)).IfNone(() => throw new Xunit.Sdk.XunitException("no question"));
        Assert.Equal(@namespace, question.Namespace.IfNone(""));
        Assert.Equal(profile, question.Profile.Map(it => $"{it.Namespace}/{it.Name}").IfNone(""));
        Assert.True(ScopeQuestion.Of(Body("KollectProfile", ProfileSpec)).IsNone);
        Assert.True(ScopeQuestion.Of("garbage"u8).IsNone);
    }

    [Theory]
    [MemberData(nameof(Titles))]
    public void Each_denied_target_is_not_collected_and_keeps_its_rows_without_a_webhook(string title)
    {
        var it = Cases.Single(it => it.Title == title);
        if (!it.Kind.EndsWith("Target", StringComparison.Ordinal))
            return;
        var plan = Plan(it.Kind, it.Spec, it.ProfileKind, ScopesFor(it.Kind));
        if (it.Id.Length == 0)
        {
            Assert.IsType<TargetPlan.Collect>(plan);
            return;
        }

        var denied = Assert.IsType<TargetPlan.Unlistable>(plan);
        Assert.Contains(it.Id, denied.Why, StringComparison.Ordinal);
        Assert.Equal(it.Id == "KDB701" ? "ScopeGVKDenied" : "ScopeNamespaceDenied", denied.Reason.Name);
        Assert.IsType<TargetListing.Unlistable>(plan.Listing(WatchProgress.Begun.Listed(), 1));
    }

    [Fact]
    public void A_target_that_selects_by_labels_or_not_at_all_collects_what_scopes_and_grants_both_allow()
    {
        var plan = Assert.IsType<TargetPlan.Collect>(Plan("KollectTarget", """{ "profileRef": "p" }""", "Deployment", ScopesFor("KollectTarget")));
        Assert.Equal(["platform", "shop"], Cluster.Where(it => plan.MayRead(it)).Select(it => it.Name));
        var wide = Scopes("KollectScope", """{ "allowedNamespaces": [ "platform", "db" ] }""");
        plan = Assert.IsType<TargetPlan.Collect>(Plan("KollectTarget", """{ "profileRef": "p" }""", "Deployment", wide));
        Assert.Equal(["platform"], Cluster.Where(it => plan.MayRead(it)).Select(it => it.Name)); // db has granted nothing, and a scope grants nothing
    }

    /// <summary>Otherwise a misspelt namespace in a scope would delete all rows.</summary>
    [Fact]
    public void A_target_that_is_left_no_namespace_is_denied_and_keeps_its_rows()
    {
        var denied = Assert.IsType<TargetPlan.Unlistable>(
            Plan("KollectTarget", """{ "profileRef": "p" }""", "Deployment", Scopes("KollectScope", """{ "allowedNamespaces": [ "platfrom" ] }""")));
        Assert.Equal("ScopeNamespaceDenied", denied.Reason.Name);
    }

    [Fact]
    public void Each_of_several_scopes_limits_and_none_allows_more_than_another()
    {
        var all = Scopes("KollectScope", Limits, """{ "deniedNamespaces": [ "shop" ], "minExportInterval": "5m" }""", "{}");
        Assert.Equal([true, false, false], new[] { "platform", "shop", "lab" }.Select(all.AllowsNamespace));
        Assert.Equal(TimeSpan.FromMinutes(5), all.MinExportInterval);
        Assert.Empty(Scopes("KollectScope", """{ "allowedGVKs": [] }""").OfSink("spec", "any", None));
    }

    [Fact]
    public void Scopes_that_cannot_be_read_close_and_those_that_cannot_exist_do_not()
    {
        var now = new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);
        var kind = new ResourceKind("kollect.dev", "v1alpha1", "KollectScope");
        Assert.IsType<ScopesInForce.Asking>(ScopesInForce.Of(WatchProgress.Begun, Empty));
        Assert.IsType<ScopesInForce.Asking>(ScopesInForce.Of(After(WatchTrouble.Passing), Empty));
        Assert.IsType<ScopesInForce.Unreadable>(ScopesInForce.Of(After(WatchTrouble.Forbidden), Empty));
        Assert.Equal(ScopesInForce.None, ScopesInForce.Of(After(WatchTrouble.NotServed), Empty));
        var invalid = Assert.IsType<ScopesInForce.Unreadable>(Scopes("KollectScope", Limits, """{ "minExportInterval": "soon" }"""));
        Assert.False(invalid.AllowsNamespace("platform"));
        var closed = Assert.IsType<TargetPlan.Unlistable>(Plan("KollectTarget", """{ "profileRef": "p" }""", "Deployment", invalid));
        Assert.Equal("ScopeLookupFailed", closed.Reason.Name);
        Assert.IsType<TargetPlan.Asking>(Plan("KollectTarget", """{ "profileRef": "p" }""", "Deployment", new ScopesInForce.Asking()));

        WatchProgress After(WatchTrouble cause) =>
            WatchProgress.Begun.Interrupted(kind, cause, "…", now).At(kind, now.AddHours(1));
    }

    /// <summary>The rows of a sink that is denied stay, and an export goes on once it is allowed; both without a restart.</summary>
    [Fact]
    public void Exports_follow_the_scopes()
    {
        var world = new InventoryWorld();
        world.Sink("warehouse", "items");
        world.Sink("mine", "elsewhere");
        world.Do("two refs, before the scopes are listed", () =>
        {
            world.Scopes = new ScopesInForce.Asking();
            world.Refs("warehouse", "mine");
        });
        world.Wait(5);
        Assert.Empty(world.Tables);
        world.Do("a scope allows the warehouse, every minute", () => world.Scopes = Scopes("KollectScope", Limits));
        world.Wait(55);
        Assert.Single(world.Tables);
        world.Wait(20); // longer than the interval of 30 s, and one export more
        world.Do("the scope is deleted", () => world.Scopes = ScopesInForce.None);
        world.Wait(5);
        Assert.Equal(2, world.Tables.Count);
        world.Do("the scope is created again", () => world.Scopes = Scopes("KollectScope", Limits));
        world.Do("an object comes", () => world.Collect("web", "api"));
        world.Wait(5);
        world.Do("a second scope is invalid", () => world.Scopes = Scopes("KollectScope", Limits, """{ "minExportInterval": "soon" }"""));
        world.Do("an object goes", () => world.Collect("web"));
        world.Wait(5);
        Assert.Equal([1, 2], world.Tables.Values.Select(it => it.Length).Order());
        world.Do("it is corrected", () => world.Scopes = Scopes("KollectScope", Limits));
        world.Wait(5);
        Assert.Equal([1, 1], world.Tables.Values.Select(it => it.Length));
        Golden.Verify(world.Timeline, "scheduling/scopes.txt");
    }

    [Fact]
    public void An_interval_is_at_least_that_of_the_scope_and_no_repetition_stays_none()
    {
        Assert.Equal("1m", Of("30s").AtLeast(TimeSpan.FromMinutes(1)).ToString());
        Assert.Equal("2m", Of("2m").AtLeast(TimeSpan.FromMinutes(1)).ToString());
        Assert.True(Of("0s").AtLeast(TimeSpan.FromMinutes(1)).ChangesOnly);

        static ExportInterval Of(string text) => ExportInterval.Of(Kollect.Core.Formatting.GoDuration.Parse(text), None, None);
    }

    private static ScopesInForce ScopesFor(string kind) =>
        kind.Contains("Cluster", StringComparison.Ordinal) ? Scopes("KollectClusterScope", ClusterLimits) : Scopes("KollectScope", Limits);

    private static ScopesInForce Scopes(string kind, params string[] specs) => ScopesInForce.Of(specs.Select((spec, index) =>
    {
        var manifest = Manifest(kind, JsonNode.Parse(spec)!);
        manifest["metadata"]!["name"] = index == 0 ? "limits" : FormattableString.Invariant($"more-{index}");
        var scope = ScopeObject.Read(Encoding.UTF8.GetBytes(manifest.ToJsonString()))!;
        return (scope.Identity.Name, scope.Spec);
    }).ToArray().ToSeq());

    private static TargetPlan Plan(string kind, string spec, string profileKind, ScopesInForce scopes)
    {
        var target = Parsed<Target>(kind, JsonNode.Parse(spec)!);
        var profile = Parsed<Profile>("KollectProfile", JsonNode.Parse(ProfileSpec)!) with { Kind = new ResourceKind("apps", "v1", profileKind) };
        var grants = NamespaceGrants.Of(target, acrossNamespaces: false, Cluster, mayHoldRows: false);
        return ScopedPlan.Of(new TargetPlan.Collect(target, profile, grants), scopes, Cluster);
    }

    private static JsonNode Review(string kind, string spec, ScopesInForce scopes, string profileKind, string? unread = null)
    {
        var facts = new ScopeFacts(scopes, profileKind.Length == 0 ? None : Some(new ResourceKind("apps", "v1", profileKind)), Optional(unread));
        return JsonNode.Parse(AdmissionReview.Answer(Body(kind, spec), facts).IfLeft(why => throw new Xunit.Sdk.XunitException(why)))!;
    }

    private static byte[] Body(string kind, string spec) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["apiVersion"] = "admission.k8s.io/v1",
        ["kind"] = "AdmissionReview",
        ["request"] = new JsonObject { ["uid"] = "1", ["operation"] = "CREATE", ["object"] = Manifest(kind, JsonNode.Parse(spec)!) },
    }.ToJsonString());

    private static string Selecting(params string[] names) => new JsonObject
    {
        ["profileRef"] = "p",
        ["namespaceSelector"] = new JsonObject
        {
            ["matchExpressions"] = new JsonArray(new JsonObject
            {
                ["key"] = NamespaceGrants.NameLabel,
                ["operator"] = "In",
                ["values"] = new JsonArray([.. names.Select(it => (JsonNode)it)]),
            }),
        },
    }.ToJsonString();

    private static string OfCluster(string spec)
    {
        var json = JsonNode.Parse(spec)!;
        json["profileNamespace"] = "platform";
        return json.ToJsonString();
    }

    private static string Ref(string json) => $$"""{ "databaseSinkRefs": [ {{json}} ], "sinkNamespace": "platform" }""".Replace(
        json.Contains("\"namespace\"", StringComparison.Ordinal) ? "\0" : ", \"sinkNamespace\": \"platform\"", "", StringComparison.Ordinal);

    private static string SinkWith(string interval)
    {
        var json = JsonNode.Parse(Kollect.Core.Explanations.PlainManifests.Postgres)!;
        json["exportMinInterval"] = interval;
        return json.ToJsonString();
    }

    private static KnownNamespace Namespace(string name, string? grant = null) => new(
        name, LanguageExt.Map<OrdStringOrdinal, string, string>.Empty.AddRange([(NamespaceGrants.NameLabel, name)]), Optional(grant));
}
