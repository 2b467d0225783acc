using System.Text;
using Kollect.Core.Collection;

namespace Kollect.Core.Tests.Collection;

/// <summary>The items of a few targets as a plain dictionary, which changes at random: the model of a snapshot.</summary>
internal sealed class CollectedWorld(int seed)
{
    public static readonly string[] Targets = ["Zoo", "all", "pods"];

    private readonly Random random = new(seed);
    private readonly Dictionary<(string Target, string Uid), CollectedItem> items = [];

    public IEnumerable<CollectedItem> Items => items.Values;

    public static CollectedItem Item(string target, string uid, string @namespace = "shop", string json = "") =>
        new(target, uid, @namespace, Encoding.UTF8.GetBytes($"{target} {uid} {@namespace} {json}"));

    /// <summary>Adds, changes and removes up to so many items; uids repeat, within a target and among targets.</summary>
    /// <returns>The changes one by one: an item, or the identity that is gone.</returns>
    public IEnumerable<(CollectedItem? Item, (string Target, string Uid) Identity)> Change(int atMost)
    {
        for (var left = random.Next(atMost + 1); left > 0; left--)
        {
            var uid = random.Next(200);
            var identity = (Target: random.GetItems(Targets, 1)[0], Uid: $"uid-{uid}");
            var item = random.Next(3) > 0 ? Item(identity.Target, identity.Uid, $"ns-{random.Next(4)}", $"{random.Next(3)}") : null;
            if (item is null)
                items.Remove(identity);
            else
                items[identity] = item;
            yield return (item, identity);
        }
    }

    public TargetItems Of(string target) => TargetItems.Of(target, Items.Where(it => it.TargetName == target));

    /// <summary>As one text, for comparison.</summary>
    public static string Text(IEnumerable<CollectedItem> items) =>
        string.Join('\n', items.Select(it => Encoding.UTF8.GetString(it.Json.Span)).Order(StringComparer.Ordinal));
}
