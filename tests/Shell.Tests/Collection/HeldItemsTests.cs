using System.Text;
using Kollect.Core.Collection;
using Kollect.Operator.Collection;

namespace Kollect.Shell.Tests.Collection;

/// <summary>Items are held compressed, and read as they were.</summary>
public sealed class HeldItemsTests
{
    private static readonly byte[][] Pods = [.. ClusterObjects.Of("Pod", 1_000).Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public void Many_items_are_encoded_and_read_byte_by_byte()
    {
        var held = new HeldItems("pods");
        foreach (var i in Enumerable.Range(0, Pods.Length))
            Assert.True(held.Add(Pod(i), $"{i}"));
        Assert.Equal(Pods.Length, held.Items.Count);
        Assert.All(Enumerable.Range(0, Pods.Length), i =>
        {
            var item = held.Items.Find($"{i}").IfNone(() => throw new KeyNotFoundException($"{i}"));
            Assert.Equal(Pods[i], item.Json);
            Assert.Equal(("pods", $"ns-{i % 3}", $"{i}"), (item.TargetName, item.Namespace, item.Uid));
            Assert.Equal(Pod(i).Digest, item.Digest);
        });
        Assert.Equal(
            SnapshotContent.Of(Enumerable.Range(0, Pods.Length).Select(i => Pod(i)), Dedupe.KeepAll).Checksum, SnapshotContent.Of([held.Items]).Checksum);
    }

    [Fact]
    public void An_item_with_the_same_content_changes_nothing()
    {
        var held = new HeldItems("pods");
        foreach (var i in Enumerable.Range(0, Pods.Length))
            held.Add(Pod(i), $"{i}");
        var before = held.Items;
        Assert.False(held.Add(Pod(7), $"{7}"));
        Assert.False(held.Remove("none"));
        Assert.Same(before, held.Items);
        Assert.True(held.Add(Pod(7, Pods[8]), $"{7}"));
        Assert.Equal(Pods[8], held.Items.Find("7").Map(it => it.Json.ToArray()));
        Assert.True(held.Remove("7"));
        Assert.Equal(before.Count - 1, held.Items.Count);
    }

    [Fact]
    public void A_pod_takes_a_fifth_of_its_JSON_at_most()
    {
        var coding = new ZstdCoding(Enumerable.Range(0, HeldItems.EncodedFrom).Select(i => Pod(i)));
        Assert.True(Pods.Sum(json => coding.Encode(json).Length) < Pods.Sum(json => json.Length) / 5);
    }

    [Fact]
    public void Items_unlike_the_first_ones_empty_ones_and_large_ones_are_read_byte_by_byte()
    {
        var held = new HeldItems("pods");
        byte[][] others =
        [
            [],
            "{}"u8.ToArray(),
            Encoding.UTF8.GetBytes($"\"{new string('x', 3 << 20)}\""),
            [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * i))],
        ];
        foreach (var i in Enumerable.Range(0, HeldItems.EncodedFrom))
            held.Add(Pod(i, "{}"u8.ToArray()), $"{i}");
        foreach (var i in Enumerable.Range(0, others.Length))
            held.Add(Pod(i, others[i]), $"{i}");
        Assert.All(Enumerable.Range(0, others.Length), i => Assert.Equal(others[i], held.Items.Find($"{i}").Map(it => it.Json.ToArray())));
    }

    [Fact]
    public void Several_threads_may_read_and_write_at_once()
    {
        var held = new HeldItems("pods");
        foreach (var i in Enumerable.Range(0, Pods.Length))
            held.Add(Pod(i), $"{i}");
        var items = held.Items;
        Parallel.For(0, 4, thread =>
        {
            if (thread == 0)
                foreach (var i in Enumerable.Range(0, Pods.Length))
                    held.Add(Pod(i, Pods[(i + 1) % Pods.Length]), $"{i}");
            else
                Assert.All(items.Items, item => Assert.Equal(Pods[int.Parse(item.Uid, System.Globalization.CultureInfo.InvariantCulture)], item.Json));
        });
    }

    private static CollectedItem Pod(int i, byte[]? json = null) => new("pods", $"{i}", $"ns-{i % 3}", json ?? Pods[i]);
}
