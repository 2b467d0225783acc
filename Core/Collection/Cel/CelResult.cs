using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kollect.Core.Snapshots;

namespace Kollect.Core.Collection.Cel;

/// <summary>The value of an expression as JSON.</summary>
internal static class CelResult
{
    /// <summary>The value as JSON; null becomes null. Left = it cannot be written, or has too many values.</summary>
    public static Either<string, JsonElement> AsJson(CelValue value, CelBudget budget)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, KubernetesItem.Plain))
            if (Write(writer, value, budget).TrySome(out var why))
                return why;
        using var document = JsonDocument.Parse(bytes.WrittenMemory, new JsonDocumentOptions { MaxDepth = 1_000 });
        return document.RootElement.Clone();
    }

    /// <summary>A duration in seconds (<c>90s</c>), a moment as in RFC 3339.</summary>
    public static string Text(CelValue value) => value switch
    {
        CelValue.Duration it => (it.Value.Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s",
        CelValue.Timestamp it => it.Value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        _ => throw new UnreachableException(),
    };

    private static Option<string> Write(Utf8JsonWriter writer, CelValue value, CelBudget budget)
    {
        if (!budget.Visit(1))
            return budget.Why;
        switch (value)
        {
            case CelValue.Error it:
                return it.Why;
            case CelValue.Null:
                writer.WriteNullValue();
                return None;
            case CelValue.Truth it:
                writer.WriteBooleanValue(it.Value);
                return None;
            case CelValue.Int it:
                writer.WriteNumberValue(it.Value);
                return None;
            case CelValue.Uint it:
                writer.WriteNumberValue(it.Value);
                return None;
            case CelValue.Real it:
                if (!double.IsFinite(it.Value))
                    return "the expression gives no finite number";
                writer.WriteNumberValue(it.Value);
                return None;
            case CelValue.Text it:
                writer.WriteStringValue(it.Value);
                return None;
            case CelValue.Bytes it:
                writer.WriteBase64StringValue(it.Value.ToArray());
                return None;
            case CelValue.Duration or CelValue.Timestamp:
                writer.WriteStringValue(Text(value));
                return None;
            case CelValue.OfType it:
                writer.WriteStringValue(it.Name);
                return None;
            case CelValue.List { Made: null } it:
                it.Element.WriteTo(writer);
                return None;
            case CelValue.Map { Made: null } it:
                it.Element.WriteTo(writer);
                return None;
            case CelValue.List it:
                writer.WriteStartArray();
                foreach (var item in it.Items)
                    if (Write(writer, item, budget).TrySome(out var why))
                        return why;
                writer.WriteEndArray();
                return None;
            case CelValue.Map it:
                writer.WriteStartObject();
                foreach (var (key, entry) in it.Made!)
                {
                    writer.WritePropertyName(key switch
                    {
                        CelValue.Text text => text.Value,
                        CelValue.Int whole => whole.Value.ToString(CultureInfo.InvariantCulture),
                        CelValue.Uint whole => whole.Value.ToString(CultureInfo.InvariantCulture),
                        CelValue.Truth truth => truth.Value ? "true" : "false",
                        _ => throw new UnreachableException(),
                    });
                    if (Write(writer, entry, budget).TrySome(out var why))
                        return why;
                }

                writer.WriteEndObject();
                return None;
            default:
                throw new UnreachableException();
        }
    }
}
