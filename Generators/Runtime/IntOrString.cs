namespace Kollect.Models;

using global::System.Globalization;
using global::System.Text.Json;

/// <summary>Kubernetes' <c>int-or-string</c>: a port number or a port name, a count or a percentage.</summary>
public abstract record IntOrString
{
    private IntOrString() { }

    /// <summary>A whole number.</summary>
    /// <param name="Value">The number.</param>
    public sealed record Number(int Value) : IntOrString
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A text, e.g. the name of a port or <c>25%</c>.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Text(string Value) : IntOrString
    {
        /// <inheritdoc/>
        public override string ToString() => Value;
    }

    internal void Write(Utf8JsonWriter writer)
    {
        if (this is Number number)
            writer.WriteNumberValue(number.Value);
        else
            writer.WriteStringValue(ToString());
    }
}

internal ref partial struct ModelReader
{
    /// <summary>A whole number of 32 bits, or text.</summary>
    public IntOrString? IntOrText()
    {
        if (json.TokenType == JsonTokenType.String)
            return new IntOrString.Text(json.GetString()!);
        if (json.TokenType == JsonTokenType.Number)
            return Int32() is { } number ? new IntOrString.Number(number) : null;
        WrongType("a whole number or text");
        return null;
    }
}

internal static partial class ModelWriter
{
    public static void Field(this Utf8JsonWriter writer, string name, IntOrString? value)
    {
        if (value is null)
            return;
        writer.WritePropertyName(name);
        value.Write(writer);
    }
}
