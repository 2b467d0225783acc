using System.Text.Json;

namespace Kollect.Shell.Tests.Backends.Conformance;

/// <summary>The result of exporting an item.</summary>
internal enum Fate
{
    /// <summary>Stored, and read back with every digit.</summary>
    Equal,

    /// <summary>Stored, with U+FFFD instead of characters that no backend stores.</summary>
    Sanitized,

    /// <summary>Stored, with fewer digits of a number.</summary>
    Rounded,

    /// <summary>Not stored, but counted and reported; the rest of the snapshot is stored.</summary>
    Rejected,
}

/// <summary>The fate of an item on a backend that differs from the others.</summary>
/// <param name="Why">The limit, with its unit.</param>
internal sealed record Exemption(Fate Fate, string Why);

/// <summary>An item that must not make its whole snapshot fail.</summary>
/// <param name="Name">The difficulty; also the uid of the item unless it has its own.</param>
/// <param name="Json">One line of NDJSON.</param>
/// <param name="Usually">The fate on backends without an exemption.</param>
internal sealed record HostileItem(string Name, string Json, Fate Usually = Fate.Equal)
{
    private static readonly Exemption BeyondDecimal128 = new(
        Fate.Rejected, "decimal128, the widest number of BSON, holds 34 significant digits and exponents up to 6,144");

    private static readonly Exemption TooDeep = new(Fate.Rejected, "a BSON document nests 100 levels");

    private static readonly Exemption RoundedToDouble = new(
        Fate.Rounded, "the JSON type holds integers of 64 bits, signed or not, and doubles, and rounds other numbers to a double");

    private static readonly Exemption BeyondDouble = new(Fate.Rejected, "the JSON type holds no number beyond a double");

    public static Seq<HostileItem> All { get; } = Seq(
        Item("an integer of 20 digits", "\"n\":12345678901234567890"),
        Item("the extremes of 64 bits", "\"n\":[9223372036854775807,-9223372036854775808,18446744073709551615]"),
        Item("an integer beyond 2^53", "\"n\":9007199254740993"),
        Item("a decimal of 34 digits", "\"n\":0.1234567890123456789012345678901234") with { BigQuery = RoundedToDouble },
        Item("a decimal of 300 digits", $"\"n\":0.{new string('1', 300)}") with { MongoDb = BeyondDecimal128, BigQuery = RoundedToDouble },
        Item("decimals in common notations", "\"n\":[0.1,1.10,-2.5e-3,1E3,-0.0]"),
        Item("numbers beyond double", "\"n\":[1e400,-1e-400]") with { BigQuery = BeyondDouble },
        Item("the largest exponent of numeric", "\"n\":1e131071") with { MongoDb = BeyondDecimal128, BigQuery = BeyondDouble },
        Item("an exponent beyond numeric", "\"n\":1e131073", Fate.Rejected),
        Item("a statement as a name", "\"\\\"; DROP TABLE inventory_items; --\":\"' \\\\ \\\" \\n \\t é 🦊\""),
        Item("quotes and delimiters", "\"t\":[\"'\",\"''\",\"\\\\\",\"\\\"\",\"`\",\"@rows\",\"$$\",\"--\",\"/*\",\"?\",\"{0}\",\"%s\",\"\\r\\n\"]"),
        Item("names with $ and .", "\"$set\":{\"a.b\":1,\"$gt\":\"\",\"\":[]},\".\":null,\"$\":true"),
        Item(
            "members of Extended JSON",
            "\"d\":{\"$date\":\"2026-01-01\"},\"o\":{\"$oid\":\"x\"},\"l\":{\"$numberLong\":\"5\"},\"r\":{\"$ref\":\"c\",\"$id\":1}"),
        Item("names with a meaning in JavaScript", "\"__proto__\":{\"a\":1},\"constructor\":2,\"toJSON\":3,\"_bsontype\":\"Long\""),
        Item("empty values", "\"a\":{},\"b\":[],\"c\":\"\",\"d\":null,\"e\":[[],{}]"),
        Item("every literal in one list", "\"a\":[true,false,null,0,\"\",{},[]]"),
        Item("emoji and combining marks", "\"e\":\"👩‍👩‍👧‍👦 é é ﷽ \\u2028 \\uFEFF\""),
        Item("control characters", "\"c\":\"\\u0001\\u001f\\u007f\\b\\f\""),
        Item("nesting of 90 levels", $"\"deep\":{new string('[', 89)}{new string(']', 89)}"),
        Item("nesting of 400 levels", $"\"deep\":{new string('[', 399)}{new string(']', 399)}") with { MongoDb = TooDeep },
        Item("nesting of 2,000 levels", $"\"deep\":{new string('[', 2_000)}{new string(']', 2_000)}", Fate.Rejected),
        Item("a NUL in name and text", "\"a\\u0000b\":\"\\u0000\"", Fate.Sanitized) with { Becomes = "\"a\\uFFFDb\":\"\\uFFFD\"" },
        Item("half surrogate pairs", "\"t\":\"\\ud800 and \\udc00\"", Fate.Sanitized) with { Becomes = "\"t\":\"\\uFFFD and \\uFFFD\"" },
        Item("a uid of quotes and delimiters", "\"a\":1", uid: "'`\\\"$set.@rows--{0}🦊"),
        Item("a uid of 2,600 bytes", "\"a\":1", uid: new string('u', 2_600)),
        Item("a text of 1 MB", $"\"t\":\"{new string('t', 1 << 20)}\""));

    /// <summary>Null = the usual fate.</summary>
    public Exemption? MongoDb { get; init; }

    /// <summary>Null = the usual fate.</summary>
    public Exemption? BigQuery { get; init; }

    /// <summary>The members as stored; null = as in the item.</summary>
    private string? Becomes { get; init; }

    public string Uid => UidOf(Json);

    /// <summary>The JSON to read back.</summary>
    public string Expected => Becomes is null ? Json : Line(Uid, Becomes);

    public Fate FateIn(string backend) => ExemptionIn(backend)?.Fate ?? Usually;

    public Exemption? ExemptionIn(string backend) => backend switch { "MongoDB" => MongoDb, "BigQuery" => BigQuery, _ => null };

    public static string UidOf(string line)
    {
        using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 3_000 });
        return json.RootElement.GetProperty("uid").GetString()!;
    }

    private static HostileItem Item(string name, string members, Fate fate = Fate.Equal, string? uid = null) => new(name, Line(uid ?? name, members), fate);

    private static string Line(string uid, string members) => $$"""{"targetName":"t","uid":{{JsonSerializer.Serialize(uid)}},{{members}}}""";
}
