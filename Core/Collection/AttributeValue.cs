using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kollect.Core.Collection;

/// <summary>The value of an attribute, made from the values that a path finds. Closed. Numbers keep their digits.</summary>
internal abstract partial record AttributeValue
{
    private AttributeValue() { }

    /// <summary>One value, unchanged.</summary>
    public sealed record Found(JsonElement Value) : AttributeValue;

    /// <summary>A list of values, each unchanged.</summary>
    public sealed record All(Seq<JsonElement> Values) : AttributeValue;

    /// <summary>A text that the document does not contain as such, e.g. a number printed as text.</summary>
    public sealed record Text(string Value) : AttributeValue;

    /// <summary>A value that the document contains as text, as JSON: a number or a boolean.</summary>
    public sealed record Raw(string Json) : AttributeValue;

    /// <summary>None = the path finds nothing. Left = why the values that it finds do not fit the type.</summary>
    /// <param name="type">The type of the attribute.</param>
    /// <param name="values">The values that the path finds; nulls are ignored.</param>
    /// <param name="isDefinite">True = the path finds one value at most.</param>
    public static Either<string, Option<AttributeValue>> Of(AttributeType type, Seq<JsonElement> values, bool isDefinite)
    {
        var found = values.Filter(value => value.ValueKind != JsonValueKind.Null).Strict();
        if (!isDefinite && type is AttributeType.Any or AttributeType.List)
            return Some<AttributeValue>(new All(found));
        if (found.IsEmpty)
            return Option<AttributeValue>.None;
        if (found.Count > 1)
            return FormattableString.Invariant($"the path finds {found.Count} values, and {Name(type)} takes one; use type list");
        var value = found[0];
        return Of(type, value).Match(
            it => Right<string, Option<AttributeValue>>(Some(it)),
            () => Left<string, Option<AttributeValue>>($"the path finds {Name(value)}, which is no {Name(type)}"));
    }

    /// <summary>The length of the value as JSON, in bytes of the document.</summary>
    public long Length => this switch
    {
        Found it => JsonMarshal.GetRawUtf8Value(it.Value).Length,
        All it => it.Values.AsEnumerable().Sum(value => (long)JsonMarshal.GetRawUtf8Value(value).Length),
        Text it => it.Value.Length,
        Raw it => it.Json.Length,
        _ => throw new UnreachableException(),
    };

    /// <summary>Writes the value, without a property name.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        switch (this)
        {
            case Found it:
                it.Value.WriteTo(writer);
                break;
            case All it:
                writer.WriteStartArray();
                it.Values.Iter(value => value.WriteTo(writer));
                writer.WriteEndArray();
                break;
            case Text it:
                writer.WriteStringValue(it.Value);
                break;
            case Raw it:
                writer.WriteRawValue(it.Json, skipInputValidation: true);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>None = the value does not fit the type.</summary>
    private static Option<AttributeValue> Of(AttributeType type, JsonElement value) => (type, value.ValueKind) switch
    {
        (AttributeType.Any, _) => new Found(value),
        (AttributeType.Text, JsonValueKind.String) => new Found(value),
        (AttributeType.Text, JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False) => new Text(value.GetRawText()),
        (AttributeType.Int, JsonValueKind.Number) when Whole().IsMatch(value.GetRawText()) => new Found(value),
        (AttributeType.Int, JsonValueKind.String) when Whole().IsMatch(value.GetString()!) => new Raw(value.GetString()!),
        (AttributeType.Number, JsonValueKind.Number) => new Found(value),
        (AttributeType.Number, JsonValueKind.String) when Decimal().IsMatch(value.GetString()!) => new Raw(value.GetString()!),
        (AttributeType.Bool, JsonValueKind.True or JsonValueKind.False) => new Found(value),
        (AttributeType.Bool, JsonValueKind.String) when value.GetString()!.ToLowerInvariant() is ("true" or "false") and var word => new Raw(word),
        (AttributeType.List, JsonValueKind.Array) => new Found(value),
        (AttributeType.List, _) => new All(Seq1(value)),
        (AttributeType.Object, JsonValueKind.Object) => new Found(value),
        _ => Option<AttributeValue>.None,
    };

    private static string Name(AttributeType type) => type switch
    {
        AttributeType.Any => "an attribute without a type",
        AttributeType.Text => "string",
        AttributeType.Int => "int",
        AttributeType.Number => "number",
        AttributeType.Bool => "bool",
        AttributeType.List => "list",
        AttributeType.Object => "object",
        _ => throw new UnreachableException(),
    };

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => "a truth value",
    };

    /// <summary>JSON allows neither a leading zero nor a plus.</summary>
    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)\z")]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Decimal();
}
