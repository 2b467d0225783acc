using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Sinks;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class RenderTests
{
    private static readonly Namespace Items = new("inventory", "items");

    [Fact]
    public void Collection_and_identity_index_are_a_script_for_mongosh() =>
        Golden.Verify(Render.Script(Items), "mongodb/create-collection.js");

    [Fact]
    public void The_offline_plan_says_why() =>
        Assert.Equal(
            "mode ensure: collection inventory.items and its unique index kollect_identity are created like this when missing",
            Plan.Offline(new Desired(Items, ProvisioningMode.Ensure)).Why);

    [Fact]
    public void A_hostile_collection_name_stays_a_string() =>
        Assert.Equal(
            "{\n  \"create\": \"a\\\"}); db.dropDatabase(); ({\\\"\"\n}",
            Render.Command(new MongoDbChange.CreateCollection(new Namespace("d", "a\"}); db.dropDatabase(); ({\""))));

    [Fact]
    public void What_is_sent_is_what_is_shown() =>
        Assert.Equal(
            """{ create: "items" }""",
            BsonText.Of(Commands.Create(new MongoDbChange.CreateCollection(Items)).Span));
}
