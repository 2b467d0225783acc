using System.Globalization;
using System.Text.Json;

namespace Kollect.Core.Models;

/// <summary>Kubernetes' <c>int-or-string</c>: a port number or a port name, a count or a percentage.</summary>
public abstract record IntOrString
{
    private IntOrString() { }

    /// <summary>A whole number.</summary>
    public sealed record Number(int Value) : IntOrString
    {
        /// <inheritdoc/>
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A text, e.g. the name of a port or <c>25%</c>.</summary>
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
