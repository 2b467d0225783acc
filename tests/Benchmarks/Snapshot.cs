using System.Globalization;
using System.Text;

namespace Kollect.Benchmarks;

/// <summary>One inventory item, ready to be written; every contestant gets the same bytes.</summary>
internal sealed record Item(string TargetName, string Uid, string Namespace, byte[] Payload);

/// <summary>The exported items.</summary>
/// <param name="Items">In the order of the snapshot.</param>
/// <param name="ExportedAt">Time of the snapshot, equal for all rows.</param>
internal sealed record Snapshot(IReadOnlyList<Item> Items, DateTime ExportedAt)
{
    public const string InventoryNamespace = "platform";
    public const string InventoryName = "all";
    public const string Cluster = "bench";

    private static readonly DateTime Monday = new(2026, 11, 23, 8, 0, 0, DateTimeKind.Utc);

    /// <summary>Generates items; equal counts give equal items on any machine.</summary>
    public static Snapshot Of(int count) => new([.. Enumerable.Range(0, count).Select(index => ItemAt(index, revision: 1))], Monday);

    /// <summary>The same items an hour later.</summary>
    public Snapshot Again() => this with { ExportedAt = ExportedAt.AddHours(1) };

    /// <summary>An hour later, with another payload in every hundredth item.</summary>
    public Snapshot WithOnePercentChanged() =>
        Again() with { Items = [.. Items.Select((item, index) => index % 100 == 37 ? ItemAt(index, revision: 2) : item)] };

    /// <summary>NDJSON, one item per line.</summary>
    public byte[] ToNdjson()
    {
        using var text = new MemoryStream();
        foreach (var item in Items)
        {
            text.Write(item.Payload);
            text.WriteByte((byte)'\n');
        }

        return text.ToArray();
    }

    /// <summary>A Deployment in the form of a collected item; about 800 bytes.</summary>
    public static Item ItemAt(int index, int revision)
    {
        var random = new Random(index);
        var app = $"{Words[random.Next(Words.Length)]}-{Words[random.Next(Words.Length)]}";
        var space = $"team-{random.Next(200)}";
        var name = string.Create(CultureInfo.InvariantCulture, $"{app}-{index:D7}");
        var uid = UidAt(random);
        var payload = $$$"""
            {"targetNamespace":"platform","targetName":"deployments","namespace":"{{{space}}}","name":"{{{name}}}","group":"apps",
            "version":"v1","kind":"Deployment","uid":"{{{uid}}}","attributes":{"labels":{"app.kubernetes.io/name":"{{{app}}}",
            "app.kubernetes.io/instance":"{{{name}}}","app.kubernetes.io/part-of":"{{{space}}}",
            "app.kubernetes.io/version":"1.{{{random.Next(40)}}}.{{{revision}}}"},
            "resource":{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"{{{name}}}","namespace":"{{{space}}}","generation":{{{revision}}}},
            "spec":{"replicas":{{{random.Next(1, 9)}}},"template":{"spec":{"serviceAccountName":"{{{app}}}","containers":[{"name":"{{{app}}}",
            "image":"registry.example.com/{{{space}}}/{{{app}}}@sha256:{{{random.NextInt64():x16}}}{{{random.NextInt64():x16}}}",
            "resources":{"limits":{"cpu":"{{{random.Next(1, 20)}}}00m","memory":"{{{random.Next(64, 2048)}}}Mi"}
            }}]}
            }},"status":{"replicas":{{{random.Next(9)}}}
            }
            }}
            }
            """;
        return new Item("deployments", uid, space, Encoding.UTF8.GetBytes(payload.ReplaceLineEndings("")));
    }

    private static readonly string[] Words =
        ["billing", "search", "gateway", "ledger", "catalog", "mailer", "profile", "session", "metrics", "report", "invoice", "stock"];

    private static string UidAt(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }
}
