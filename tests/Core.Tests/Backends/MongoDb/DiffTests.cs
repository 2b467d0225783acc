using Kollect.Core.Backends;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class DiffTests
{
    private static readonly Namespace Items = new("inventory", "items");
    private static readonly ObservedIndex Id = new("_id_", Seq1("_id"), false, false);
    private static readonly ObservedIndex Identity = new(Desired.IdentityIndex, Columns.Identity, true, false);

    private static Observed With(params ObservedIndex[] indexes) =>
        new("7.0.5", true, None, new ObservedCollection("collection", Some(indexes.ToSeq())));

    private static ProvisioningPlan PlanFor(Observed observed, ProvisioningMode mode = ProvisioningMode.Ensure) =>
        Plan.Provision(new Desired(Items, mode), observed);

    [Theory]
    [InlineData(ProvisioningMode.Ensure)]
    [InlineData(ProvisioningMode.Existing)]
    public void A_collection_with_the_identity_index_needs_no_change(ProvisioningMode mode) =>
        Assert.Equal(new ProvisioningPlan.Ready(Seq<Statement>()), PlanFor(With(Id, Identity), mode));

    [Theory]
    [InlineData(ProvisioningMode.Ensure)]
    [InlineData(ProvisioningMode.Existing)]
    public void The_index_may_have_another_name_and_its_fields_in_another_order(ProvisioningMode mode) =>
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
        var refused = Assert.IsType<ProvisioningPlan.Refused>(PlanFor(observed, ProvisioningMode.Existing));
        Golden.Verify(Print(refused.Refusals), "mongodb/all-gaps-at-once.txt");
    }

    [Fact]
    public void Every_gap_has_a_cause_and_a_remedy()
    {
        var gaps = Seq<Gap>(
            new Gap.ReadOnlyServer(),
            new Gap.CollectionMissing(Items),
            new Gap.NotACollection(Items, "view"),
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

    private static string Print(Seq<Refusal> refusals) =>
        string.Join('\n', refusals.Map(it => $"{it.What}\n{string.Concat(it.Remedy.Split('\n').Select(line => $"    {line}\n"))}"));
}
