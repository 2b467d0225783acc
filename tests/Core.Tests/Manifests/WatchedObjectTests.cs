using System.Text;
using Kollect.Core.Manifests;

namespace Kollect.Core.Tests.Manifests;

/// <summary>Which changes of an object are worth a reconcile.</summary>
public sealed class WatchedObjectTests
{
    /// <summary>An inventory with annotations was reconciled after each of its own writes: its annotations were compared by reference.</summary>
    [Theory]
    [InlineData("KollectInventory", "annotations")]
    [InlineData("KollectClusterInventory", "annotations")]
    [InlineData("KollectTarget", "labels")]
    [InlineData("KollectClusterTarget", "labels")]
    [InlineData("KollectDatabaseSink", "annotations")]
    [InlineData("KollectProfile", "labels")]
    public void Equal_objects_need_no_reconcile(string kind, string entries)
    {
        var (one, other) = (Object(kind, entries, "a", "1"), Object(kind, entries, "a", "2"));
        Assert.False(NeedsReconcile(kind, one, other));
    }

    [Theory]
    [InlineData("KollectInventory", "annotations")]
    [InlineData("KollectClusterInventory", "annotations")]
    [InlineData("KollectTarget", "labels")]
    [InlineData("KollectClusterTarget", "labels")]
    public void Another_value_needs_a_reconcile(string kind, string entries) =>
        Assert.True(NeedsReconcile(kind, Object(kind, entries, "a", "1"), Object(kind, entries, "b", "2")));

    private static bool NeedsReconcile(string kind, byte[] before, byte[] after) => kind switch
    {
        "KollectDatabaseSink" => SinkObject.Read(after).NeedsReconcile(SinkObject.Read(before)),
        "KollectProfile" => ProfileObject.Read(after).NeedsReconcile(ProfileObject.Read(before)),
        "KollectTarget" or "KollectClusterTarget" => TargetObject.Read(after)!.NeedsReconcile(TargetObject.Read(before)!),
        _ => InventoryObject.Read(after)!.NeedsReconcile(InventoryObject.Read(before)!),
    };

    private static byte[] Object(string kind, string entries, string value, string resourceVersion) => Encoding.UTF8.GetBytes($$"""
        {"apiVersion":"kollect.dev/v1alpha1","kind":"{{kind}}","metadata":{"name":"shop","namespace":"team","uid":"u","generation":1,
        "resourceVersion":"{{resourceVersion}}","{{entries}}":{"team":"{{value}}","tier":"web"}
        },"spec":{} }
        """);
}
