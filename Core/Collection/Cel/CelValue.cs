using System.Diagnostics;
using System.Text.Json;

namespace Kollect.Core.Collection.Cel;

/// <summary>A value of an expression. Closed; those of the object are read from its JSON when they are used.</summary>
internal abstract record CelValue
{
    private CelValue() { }

    /// <summary>The truth value.</summary>
    public static CelValue Of(bool value) => new Truth(value);

    /// <summary>A value of the object.</summary>
    public static CelValue Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => new Null(),
        JsonValueKind.True or JsonValueKind.False => new Truth(element.GetBoolean()),
        JsonValueKind.String => new Text(element.GetString()!),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? new Int(whole) : new Real(element.GetDouble()),
        JsonValueKind.Array => new List(element, null),
        JsonValueKind.Object => new Map(element, null),
        _ => throw new UnreachableException(),
    };

    /// <summary>The type as CEL names it.</summary>
    public string Type => this switch
    {
        Null => "null_type",
        Truth => "bool",
        Int => "int",
        Uint => "uint",
        Real => "double",
        Text => "string",
        Bytes => "bytes",
        List => "list",
        Map => "map",
        Duration => "google.protobuf.Duration",
        Timestamp => "google.protobuf.Timestamp",
        OfType => "type",
        Error => "error",
        _ => throw new UnreachableException(),
    };

    /// <summary><c>null</c>.</summary>
    public sealed record Null : CelValue;

    /// <summary><c>true</c>, <c>false</c>.</summary>
    public sealed record Truth(bool Value) : CelValue;

    /// <summary>64 bits, signed.</summary>
    public sealed record Int(long Value) : CelValue;

    /// <summary>64 bits, without a sign.</summary>
    public sealed record Uint(ulong Value) : CelValue;

    /// <summary>Double precision.</summary>
    public sealed record Real(double Value) : CelValue;

    /// <summary>A text. Its length and its indices count code points.</summary>
    public sealed record Text(string Value) : CelValue;

    /// <summary>Bytes.</summary>
    public sealed record Bytes(Seq<byte> Value) : CelValue;

    /// <summary>A list: of the object, or one that the expression made.</summary>
    public sealed record List(JsonElement Element, CelValue[]? Made) : CelValue
    {
        /// <summary>The number of items.</summary>
        public int Count => Made?.Length ?? Element.GetArrayLength();

        /// <summary>The items in their order.</summary>
        public IEnumerable<CelValue> Items => Made ?? Element.EnumerateArray().Select(Of);

        /// <summary>The item at an index that exists.</summary>
        public CelValue At(int index) => Made is null ? Of(Element[index]) : Made[index];
    }

    /// <summary>A map: an object of the object, or one that the expression made.</summary>
    public sealed record Map(JsonElement Element, (CelValue Key, CelValue Value)[]? Made) : CelValue
    {
        /// <summary>The number of entries.</summary>
        public int Count => Made?.Length ?? Element.GetPropertyCount();

        /// <summary>The keys in the order of the object.</summary>
        public IEnumerable<CelValue> Keys => Made?.Select(it => it.Key) ?? Element.EnumerateObject().Select(it => (CelValue)new Text(it.Name));

        /// <summary>The value of a key; null = there is no such key.</summary>
        public CelValue? Find(CelValue key)
        {
            if (Made is null)
                return key is Text text && Element.TryGetProperty(text.Value, out var found) ? Of(found) : null;
            foreach (var entry in Made)
                if (CelComparison.IsEqual(entry.Key, key, null))
                    return entry.Value;
            return null;
        }
    }

    /// <summary>A length of time, in ticks of 100 ns.</summary>
    public sealed record Duration(TimeSpan Value) : CelValue;

    /// <summary>A moment, in UTC.</summary>
    public sealed record Timestamp(DateTimeOffset Value) : CelValue;

    /// <summary>The result of <c>type(value)</c>, and the names of types.</summary>
    public sealed record OfType(string Name) : CelValue;

    /// <summary>The evaluation failed, e.g. for a field that is absent.</summary>
    /// <param name="Why">One line, without values of the object.</param>
    public sealed record Error(string Why) : CelValue;
}
