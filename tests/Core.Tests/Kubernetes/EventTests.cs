using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Kubernetes;
using static Kollect.Core.Tests.Operator.Sinks;

namespace Kollect.Core.Tests.Kubernetes;

/// <summary>An event within the limits of the API.</summary>
public sealed class EventTests
{
    [Fact]
    public void An_event_keeps_to_the_limits_of_the_API()
    {
        var longest = Plain().WithMetadata(metadata => metadata with { Name = new string('n', 253) }).Sink.Identity;
        var tooLong = new ObjectEvent(true, "InvalidSpec", string.Concat(Enumerable.Repeat("\U0001F4A5", 800)));
        var json = JsonNode.Parse(ObjectRequests.Event(longest, "Probe", tooLong, Monday, new string('i', 300)))!;
        Assert.InRange(Encoding.UTF8.GetByteCount(json["note"]!.ToString()), 1_000, 1_024);
        Assert.DoesNotContain('\uFFFD', json["note"]!.ToString());
        Assert.InRange(json["metadata"]!["generateName"]!.ToString().Length, 1, 247);
        Assert.InRange(json["reportingInstance"]!.ToString().Length, 1, 128);
    }

    /// <summary>No real server took an event: the prefix ended in a dot.</summary>
    [Theory]
    [InlineData("inventory", "inventory-")]
    [InlineData("shop.example.com", "shop.example.com-")]
    [InlineData("a", "a-")]
    public void An_event_has_a_name_that_an_API_server_takes(string name, string prefix)
    {
        var identity = Plain().WithMetadata(metadata => metadata with { Name = name }).Sink.Identity;
        var json = JsonNode.Parse(ObjectRequests.Event(identity, "Probe", new ObjectEvent(false, "Ready", "…"), Monday, "kollect-0"))!;
        Assert.Equal(prefix, json["metadata"]!["generateName"]!.ToString());
    }

    [Fact]
    public void A_cut_name_does_not_end_in_a_dot()
    {
        var identity = Plain().WithMetadata(metadata => metadata with { Name = $"{new string('n', 199)}.{new string('m', 50)}" }).Sink.Identity;
        var json = JsonNode.Parse(ObjectRequests.Event(identity, "Probe", new ObjectEvent(false, "Ready", "…"), Monday, "kollect-0"))!;
        Assert.Equal($"{new string('n', 199)}-", json["metadata"]!["generateName"]!.ToString());
    }
}
