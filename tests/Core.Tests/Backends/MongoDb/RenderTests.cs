using Kollect.Core.Backends.MongoDb;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Backends.MongoDb;

public sealed class RenderTests
{
    private static readonly Namespace Items = new("inventory", "items");

    [Fact]
    public void A_script_for_mongosh_creates_the_collection_and_its_identity_index() =>
        Golden.Verify(Render.Script(Items, Ledger.Of(Items)), "mongodb/create-collection.js");

    [Fact]
    public void The_offline_plan_has_a_reason() =>
        Assert.Equal(
            "mode ensure: collection inventory.items and its unique index kollect_identity are created like this when missing",
            Plan.Offline(new Desired(Items, KollectDatabaseSinkMode.Ensure)).Why);

    [Fact]
    public void A_hostile_collection_name_stays_a_string() =>
        Assert.Equal(
            "{\n  \"create\": \"a\\\"}); db.dropDatabase(); ({\\\"\"\n}",
            Render.Command(new MongoDbChange.CreateCollection(new Namespace("d", "a\"}); db.dropDatabase(); ({\""))));

    [Fact]
    public void The_command_that_is_sent_is_the_command_that_is_shown() =>
        Assert.Equal(
            """{ create: "items" }""",
            BsonText.Of(Commands.Create(new MongoDbChange.CreateCollection(Items)).Span));
}
