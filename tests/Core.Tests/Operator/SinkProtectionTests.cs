using Kollect.Core.Failures;
using Kollect.Core.Operator;
using static Kollect.Core.Tests.Operator.SinkDecisions;
using static Kollect.Core.Tests.Operator.Sinks;

namespace Kollect.Core.Tests.Operator;

/// <summary>How long the finalizer keeps a sink.</summary>
public sealed class SinkProtectionTests
{
    [Fact]
    public void A_sink_is_protected_while_an_inventory_uses_it()
    {
        var used = Plain().Used(true, "shop/all");
        Assert.Equal(Some(Seq1(SinkProtection.Finalizer)), Decide(used).Finalizers);
        Assert.Equal(None, Decide(used.Protected()).Finalizers);
        Assert.Equal(Some(Seq<string>()), Decide(Plain().Used(true).Protected()).Finalizers);
        Assert.Equal(None, Decide(Plain().Used(true)).Finalizers);
        Assert.Equal(None, Decide(Plain()).Finalizers);
        Assert.Equal(
            Some(Seq1("example.com/other")),
            Decide(Plain().Used(true).WithMetadata(it => it with { Finalizers = ["example.com/other", SinkProtection.Finalizer] })).Finalizers);
    }

    [Fact]
    public void A_sink_stays_protected_until_all_inventories_are_known()
    {
        Assert.Equal(None, Decide(Plain().Used(false).Protected()).Finalizers);
        Assert.Equal(Some(Seq1(SinkProtection.Finalizer)), Decide(Plain().Used(false, "shop/all")).Finalizers);
    }

    [Fact]
    public void A_deleted_sink_goes_with_its_last_use_and_accepts_no_finalizer()
    {
        var held = Plain().Deleted("shop/all");
        Assert.Equal(None, Decide(held).Finalizers);
        Assert.Equal(new Requeue.After(Monday + Waits.EndOfNamespace), Decide(held).Next);
        Assert.Empty(Decide(held.After(Decide(held)), later: 10).Events);
        Assert.Equal(None, Decide(held.After(Decide(held)), later: 10).Status);
        Assert.Equal(Some(Seq<string>()), Decide(Plain().Deleted()).Finalizers);
        Assert.Equal(None, Decide(Plain().Deleted("shop/all").WithMetadata(it => it with { Finalizers = [] })).Finalizers);
    }

    [Fact]
    public void An_inventory_of_another_namespace_does_not_keep_a_sink_whose_namespace_is_being_deleted()
    {
        SinkObservation.Present Ending(params string[] users)
        {
            var sink = Plain().Deleted(users);
            return sink with { Use = sink.Use.Map(use => use with { NamespaceEnds = true }) };
        }

        Assert.Equal(Some(Seq<string>()), Decide(Ending("_cluster/everything", "team/all")).Finalizers);
        Assert.Equal(None, Decide(Ending("_cluster/everything", "shop/all")).Finalizers);
    }
}
