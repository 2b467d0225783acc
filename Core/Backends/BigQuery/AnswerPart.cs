using System.Globalization;
using System.Text.Json;
using Kollect.Core.Failures;

namespace Kollect.Core.Backends.BigQuery;

/// <summary>
/// A value within an answer of the service, with its path for messages. An absent field and <c>null</c> are the same: the API leaves out what has its
/// default. A value of another type than the API's makes the whole answer unreadable.
/// </summary>
internal readonly struct AnswerPart
{
    private readonly JsonElement value;
    private readonly string path;

    private AnswerPart(JsonElement value, string path) => (this.value, this.path) = (value, path);

    /// <summary>The answer is not what the API describes. Caught in <see cref="Read"/>.</summary>
    internal sealed class UnreadableException(string why) : Exception(why);

    /// <summary>Total over any text. Left = it is no JSON of at most 64 levels, or <paramref name="read"/> met something else than it expects.</summary>
    public static Either<Fault, T> Read<T>(string answer, Func<AnswerPart, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return read(new AnswerPart(json.RootElement, ""));
        }
        catch (JsonException problem)
        {
            return Errors.Unreadable(
                $"it is no JSON of at most 64 levels: line {(problem.LineNumber ?? 0) + 1}, byte {(problem.BytePositionInLine ?? 0) + 1}");
        }
        catch (ArgumentException)
        {
            return Errors.Unreadable("it is no Unicode text");
        }
        catch (UnreadableException unreadable)
        {
            return Errors.Unreadable(unreadable.Message);
        }
    }

    /// <summary>A field; None = absent.</summary>
    public Option<AnswerPart> Find(string name)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw Unreadable("is no object");
        try
        {
            return value.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? Some(Child(found, name)) : None;
        }
        catch (InvalidOperationException)
        {
            throw Unreadable("has a name with half a surrogate pair");
        }
    }

    /// <summary>A field that the API always sends.</summary>
    public AnswerPart Required(string name) =>
        Find(name).Case is AnswerPart found ? found : throw Child(default, name).Unreadable("is missing");

    /// <summary>A text; None = absent.</summary>
    public Option<string> Text(string name) => Find(name).Map(found => found.AsText());

    /// <summary>An int64, which the API sends as a text of digits; None = absent.</summary>
    public Option<long> Number(string name) => Find(name).Map(found => found.AsNumber());

    /// <summary>False = absent, or false.</summary>
    public bool Flag(string name) => Find(name).Map(found => found.AsFlag()).IfNone(false);

    /// <summary>The elements of an array; empty = absent.</summary>
    public IEnumerable<AnswerPart> Items(string name) => Find(name).Match(found => found.AsItems(), () => []);

    /// <summary>The text of a string.</summary>
    public string AsText()
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Unreadable("is no text");
        }
        catch (InvalidOperationException)
        {
            throw Unreadable("holds half a surrogate pair");
        }
    }

    /// <summary>An int64, as a text of digits or as a number.</summary>
    public long AsNumber() =>
        long.TryParse(
            value.ValueKind == JsonValueKind.Number ? value.GetRawText() : AsText(),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number)
            ? number
            : throw Unreadable("is no whole number of 64 bits");

    /// <summary>True or false.</summary>
    public bool AsFlag() => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.ValueKind == JsonValueKind.True
        : throw Unreadable("is neither true nor false");

    /// <summary>An exception that names this value.</summary>
    public Exception Unreadable(string why) => new UnreadableException($"{(path.Length == 0 ? "the root" : path)} {why}");

    private AnswerPart[] AsItems()
    {
        var of = path;
        return value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select((item, index) => new AnswerPart(item, FormattableString.Invariant($"{of}[{index}]")))]
            : throw Unreadable("is no array");
    }

    private AnswerPart Child(JsonElement found, string name) => new(found, path.Length == 0 ? name : $"{path}.{name}");
}
