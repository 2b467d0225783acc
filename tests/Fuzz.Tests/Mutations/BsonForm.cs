using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Mutations;

/// <summary>
/// Writes a JSON object as BSON (bsonspec.org, version 1.1), with an error in a length, type or end now and then. <c>{"$date": n}</c> becomes a date.
/// </summary>
internal sealed class BsonForm(Dice dice, int oneErrorIn)
{
    private const int MaxDepth = 200;

    public byte[] Document(JsonTree tree) => Document(tree, 1);

    private byte[] Document(JsonTree tree, int depth)
    {
        var body = new List<byte>();
        foreach (var (name, value) in Fields(tree))
            Element(body, name, value, depth);
        body.Add(dice.Chance(oneErrorIn) ? (byte)1 : (byte)0);
        return [.. Int32(body.Count + sizeof(int)), .. body];
    }

    private static IEnumerable<(string Name, JsonTree Value)> Fields(JsonTree tree) => tree switch
    {
        JsonTree.Members members => members.Fields.Select(it => (Decoded(it.Key), it.Value)),
        JsonTree.Items items => items.Values.Select((it, at) => (at.ToString(CultureInfo.InvariantCulture), it)),
        _ => [],
    };

    private void Element(List<byte> to, string name, JsonTree value, int depth)
    {
        var (type, bytes) = Value(value, depth);
        to.Add(dice.Chance(oneErrorIn) ? (byte)dice.Next(256) : type);
        to.AddRange(Encoding.UTF8.GetBytes(name));
        to.Add(0);
        to.AddRange(bytes);
    }

    private (byte Type, byte[] Bytes) Value(JsonTree value, int depth)
    {
        switch (value)
        {
            case JsonTree.Members { Fields: [("\"$date\"", JsonTree.Scalar time)] } when long.TryParse(time.Raw, CultureInfo.InvariantCulture, out var ms):
                return (0x09, Int64(ms));
            case JsonTree.Members when depth < MaxDepth:
                return (0x03, Document(value, depth + 1));
            case JsonTree.Items when depth < MaxDepth:
                return (0x04, Document(value, depth + 1));
            case JsonTree.Scalar { IsText: true } text:
                var utf8 = Encoding.UTF8.GetBytes(Decoded(text.Raw));
                return (0x02, [.. Int32(utf8.Length + 1), .. utf8, 0]);
            case JsonTree.Scalar { Raw: "true" or "false" } flag:
                return (0x08, [flag.Raw == "true" ? (byte)1 : (byte)0]);
            case JsonTree.Scalar { Raw: var digits } when int.TryParse(digits, CultureInfo.InvariantCulture, out var small):
                return (0x10, BitConverter.GetBytes(small));
            case JsonTree.Scalar { Raw: var digits } when long.TryParse(digits, CultureInfo.InvariantCulture, out var large):
                return (0x12, Int64(large));
            case JsonTree.Scalar { Raw: var digits } when double.TryParse(digits, CultureInfo.InvariantCulture, out var real):
                return (0x01, BitConverter.GetBytes(real));
            default:
                return (0x0A, []);
        }
    }

    private byte[] Int32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, dice.Chance(oneErrorIn) ? WrongLength(value) : value);
        return bytes;
    }

    private int WrongLength(int value) => dice.Next(6) switch
    {
        0 => 0,
        1 => -1,
        2 => int.MaxValue,
        3 => int.MinValue,
        4 => value + 1,
        _ => value - 1,
    };

    private static byte[] Int64(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static string Decoded(string raw)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(raw)!;
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
