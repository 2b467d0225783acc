using System.Text;
using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.MongoDb.Bson;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class DiffTests
{
    private static readonly Namespace Items = new("inventory", "items");
    private static readonly ObservedIndex Id = new("_id_", Seq1("_id"), false, false);
    private static readonly ObservedIndex Identity = new(Desired.IdentityIndex, Columns.Identity, true, false);

    private static Observed With(params ObservedIndex[] indexes) =>
        new("7.0.5", true, None, new ObservedCollection("collection", Some(indexes.ToSeq()), new CollectionOptions(false, false, false)));

    private static ProvisioningPlan PlanFor(Observed observed, KollectDatabaseSinkMode mode = KollectDatabaseSinkMode.Ensure) =>
        Plan.Provision(new Desired(Items, mode), observed);

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    public void A_collection_with_the_identity_index_needs_no_change(KollectDatabaseSinkMode mode) =>
        Assert.Equal(new ProvisioningPlan.Ready(Seq<Statement>()), PlanFor(With(Id, Identity), mode));

    [Theory]
    [InlineData(KollectDatabaseSinkMode.Ensure)]
    [InlineData(KollectDatabaseSinkMode.Existing)]
    public void The_index_may_have_another_name_and_its_fields_in_another_order(KollectDatabaseSinkMode mode) =>
        Assert.Equal(
            new ProvisioningPlan.Ready(Seq<Statement>()),
            PlanFor(With(Id, Identity with { Name = "by_uid", Keys = Columns.Identity.Rev() }), mode));

    [Fact]
    public void A_missing_collection_or_index_is_created_in_mode_ensure()
    {
        var ready = Assert.IsType<ProvisioningPlan.Ready>(PlanFor(new Observed("7.0.5", true, None, None)));
        Golden.Verify(string.Concat(ready.Statements.Map(it => $"// {it.Why}\n{it.Sql}\n")), "mongodb/create-what-is-missing.js");
        Assert.Single(Assert.IsType<ProvisioningPlan.Ready>(PlanFor(With(Id))).Statements);
    }

    [Fact]
    public void After_the_plan_the_next_plan_is_empty() =>
        Assert.Equal(
            new ProvisioningPlan.Ready(Seq<Statement>()),
            PlanFor(With(Id, new ObservedIndex(Desired.IdentityIndex, Columns.Identity, Unique: true, Restricted: false))));

    [Fact]
    public void The_index_conflicts_of_codes_85_and_86_have_different_refusals()
    {
        var sameFields = Assert.IsType<ProvisioningPlan.Refused>(PlanFor(With(Id, Identity with { Unique = false })));
        Assert.Contains("not unique", Assert.Single(sameFields.Refusals).What, StringComparison.Ordinal);
        var sameName = Assert.IsType<ProvisioningPlan.Refused>(PlanFor(With(Id, Identity with { Keys = Seq1("source_uid") })));
        Assert.Contains("instead of", Assert.Single(sameName.Refusals).What, StringComparison.Ordinal);
    }

    [Fact]
    public void All_gaps_are_reported_at_once()
    {
        var observed = With(Id, Identity with { Name = "partial", Restricted = true }) with
        {
            Writable = false,
            Privileges = Seq(
                new Privilege("inventory", "", false, Seq1("find")),
                new Privilege("other", "items", false, Seq("insert", "update", "remove"))),
        };
        var refused = Assert.IsType<ProvisioningPlan.Refused>(PlanFor(observed, KollectDatabaseSinkMode.Existing));
        Golden.Verify(Print(refused.Refusals), "mongodb/all-gaps-at-once.txt");
    }

    [Fact]
    public void Every_gap_has_a_cause_and_a_remedy()
    {
        var gaps = Seq<Gap>(
            new Gap.ReadOnlyServer(),
            new Gap.CollectionMissing(Items),
            new Gap.NotACollection(Items, "view"),
            new Gap.Capped(Items),
            new Gap.Collated(Items),
            new Gap.RowsExpire(Items, "old", 5_184_000),
            new Gap.CannotListIndexes(Items),
            new Gap.NoIdentityIndex(Items, Seq1("partial")),
            new Gap.IndexNameTaken(Items, Seq("source_uid", "payload:text")),
            new Gap.IndexOptionsDiffer(Items, "by_uid"),
            new Gap.MissingPrivileges(Items, Seq("insert", "createIndex")));

        var cases = typeof(Gap).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(Gap)));
        Assert.Equal(
            cases.OrderBy(type => type.Name, StringComparer.Ordinal),
            gaps.Map(gap => gap.GetType()).OrderBy(type => type.Name, StringComparer.Ordinal));
        Golden.Verify(Print(gaps.Map(Render.Explain)), "mongodb/gaps.txt");
    }

    [Theory]
    [InlineData(true, false, "is capped")]
    [InlineData(false, true, "has a collation")]
    public void A_collection_that_loses_rows_or_takes_them_for_equal_is_a_gap(bool capped, bool collated, string says) =>
        Assert.Contains(says, Assert.Single(Refusals(With(Id, Identity) with
        {
            Collection = new ObservedCollection("collection", Seq(Id, Identity), new CollectionOptions(capped, collated, false)),
        })).What, StringComparison.Ordinal);

    // As listCollections and listIndexes answer (MongoDB manual).
    [Theory]
    [InlineData("""{"capped":true,"size":1000}""", true, false, false)]
    [InlineData("""{"collation":{"locale":"en","strength":2}}""", false, true, false)]
    [InlineData("""{"validator":{"a":{"$type":"string"}}}""", false, false, true)]
    [InlineData("""{"validator":{"a":1},"validationLevel":"off"}""", false, false, false)]
    [InlineData("""{"validator":{"a":1},"validationAction":"warn"}""", false, false, false)]
    [InlineData("""{"validator":{}}""", false, false, false)]
    [InlineData("{}", false, false, false)]
    public void Options_of_a_collection_are_read(string options, bool capped, bool collated, bool validated) => Assert.Equal(
        Some(new CollectionOptions(capped, collated, validated)),
        Replies.OptionsOfCollection(Reply($$"""{"name":"items","type":"collection","options":{{options}} }""")));

    [Fact]
    public void A_reply_of_names_only_has_no_options_and_a_TTL_is_read_from_its_index()
    {
        Assert.Equal(None, Replies.OptionsOfCollection(Reply("""{"name":"items","type":"collection"}""")));
        var index = Assert.Single(Replies.Indexes(Reply("""{"v":2,"key":{"exported_at":1},"name":"old","expireAfterSeconds":5184000}""")));
        Assert.Equal(new ObservedIndex("old", Seq1("exported_at"), false, false, 5_184_000L), index);
    }

    private static ReadOnlySpan<byte> Reply(string item)
    {
        var writer = new BsonWriter();
        BsonJson.WriteDocument(writer, Encoding.UTF8.GetBytes($$$"""{"cursor":{"firstBatch":[{{{item}}}]}}"""));
        return writer.Written.Span;
    }

    [Fact]
    public void A_TTL_index_on_the_time_is_a_gap_and_on_any_other_field_without_effect()
    {
        Assert.Contains(
            "deletes live rows 5,184,000 s after",
            Assert.Single(Refusals(With(Id, Identity, new ObservedIndex("old", Seq1("exported_at"), false, false, 5_184_000L)))).What,
            StringComparison.Ordinal);
        Assert.Empty(Refusals(With(Id, Identity, new ObservedIndex("old", Seq1("payload.seen"), false, false, 60L))));
        Assert.Empty(Refusals(With(Id, Identity, new ObservedIndex("by_time", Seq1("exported_at"), false, false))));
    }

    [Fact]
    public void What_may_fail_an_export_later_is_a_warning()
    {
        var warnings = Warnings.Of(new Desired(Items, KollectDatabaseSinkMode.Existing), With() with
        {
            Collection = new ObservedCollection(
                "collection",
                Seq(Id, Identity, new ObservedIndex("one_uid", Seq1("source_uid"), true, false)),
                new CollectionOptions(false, false, Validated: true)),
        });
        Assert.Equal(2, warnings.Count);
        Assert.Contains("validator", warnings[0], StringComparison.Ordinal);
        Assert.Contains("one_uid", warnings[1], StringComparison.Ordinal);
        Assert.Empty(Warnings.Of(new Desired(Items, KollectDatabaseSinkMode.Existing), With(Id, Identity)));
    }

    private static Seq<Refusal> Refusals(Observed observed) =>
        PlanFor(observed, KollectDatabaseSinkMode.Existing) is ProvisioningPlan.Refused refused ? refused.Refusals : Empty;

    private static string Print(Seq<Refusal> refusals) =>
        string.Join('\n', refusals.Map(it => $"{it.What}\n{string.Concat(it.Remedy.Split('\n').Select(line => $"    {line}\n"))}"));
}
