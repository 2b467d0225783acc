using Kollect.Core.MongoDb;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.MongoDb;

public sealed class RenderTests
{
    [Fact]
    public void Collection_and_identity_index_are_a_script_for_mongosh() =>
        Golden.Verify(Render.Script(new Desired("inventory", "items", ProvisioningMode.Ensure)), "mongodb/create-collection.js");

    [Fact]
    public void The_offline_plan_says_why() =>
        Assert.Equal(
            "mode ensure: collection items and its unique index kollect_identity are created like this when missing",
            Plan.Offline(new Desired("inventory", "items", ProvisioningMode.Ensure)).Why);

    [Fact]
    public void A_hostile_collection_name_stays_a_string() =>
        Assert.Equal("{\n  \"create\": \"a\\\"}); db.dropDatabase(); ({\\\"\"\n}", Render.CreateCollection(new Desired("d", "a\"}); db.dropDatabase(); ({\"", ProvisioningMode.Ensure)));
}
