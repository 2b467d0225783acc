using System.Text;
using System.Text.Json;
using Kollect.Core.Formatting;
using LanguageExt.ClassInstances;

namespace Kollect.Core.Models;

/// <summary>Reads the value that <paramref name="reader"/> stands on; null = it did not fit, and that was reported.</summary>
internal delegate T ReadValue<out T>(ref ModelReader reader);

/// <summary>
/// Walks well-formed JSON for the generated models. Whatever does not fit the schema becomes a problem with its path, and reading
/// goes on behind it. JSON null counts as absent, as for the API server.
/// </summary>
internal ref partial struct ModelReader
{
    private readonly List<StructuralProblem> problems = [];
    private readonly DocumentPath path = new();
    private readonly ReadOnlySpan<byte> utf8;
    private Utf8JsonReader json;

    private ModelReader(ReadOnlySpan<byte> utf8)
    {
        this.utf8 = utf8;
        json = new Utf8JsonReader(utf8);
        json.Read();
    }

    /// <summary>A whole document. Null = not JSON, or no object.</summary>
    public static T? Document<T>(ReadOnlySpan<byte> utf8, ReadValue<T?> read, out Seq<StructuralProblem> problems)
        where T : class
    {
        var malformed = WellFormed.Check(utf8);
        if (malformed.IsSome)
        {
            problems = malformed.ToSeq();
            return null;
        }

        var reader = new ModelReader(utf8);
        var model = read(ref reader);
        problems = reader.problems.ToSeq().Strict();
        return model;
    }

    /// <summary>Steps into the object that the reader stands on; false = it is something else, reported and skipped.</summary>
    public bool EnterObject(string[] known, out FieldSet seen)
    {
        seen = new FieldSet(known);
        return Expect(JsonTokenType.StartObject, "an object");
    }

    /// <summary>Steps to the value of the next field; false = the object has ended. A known field that is null is passed over.</summary>
    public bool NextField(FieldSet seen, out string name)
    {
        if (seen.Inside)
            path.Leave();
        seen.Inside = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            name = json.GetString()!;
            json.Read();
            path.EnterField(name);
            if (!seen.Names.Add(name))
                Report(StructuralProblemKind.DuplicateField, "is given twice; the last one would count");
            seen.Inside = json.TokenType != JsonTokenType.Null || !seen.Knows(name);
            if (seen.Inside)
                return true;
            seen.Nulls.Add(name);
            path.Leave();
        }

        name = "";
        return false;
    }

    /// <summary>Reports each required field that did not come.</summary>
    public void Require(FieldSet seen, params ReadOnlySpan<string> required)
    {
        foreach (var name in required)
            if (!seen.Has(name))
                problems.Add(new StructuralProblem(StructuralProblemKind.MissingRequired, path.Of(name), "is required but missing"));
    }

    /// <summary>Keeps a field that the schema does not know, as raw JSON, and reports it.</summary>
    public Map<OrdStringOrdinal, string, string> Unknown(FieldSet seen, Map<OrdStringOrdinal, string, string> kept, string name)
    {
        Report(StructuralProblemKind.UnknownField, $"is no known field{Nearest.DidYouMean(name, seen.Known)}");
        return kept.AddOrUpdate(name, Raw());
    }

    /// <summary>The value as it stands in the document.</summary>
    public string Raw()
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return Encoding.UTF8.GetString(utf8[start..(int)json.BytesConsumed]);
    }

    private bool Expect(JsonTokenType wanted, string name)
    {
        if (json.TokenType == wanted)
            return true;
        WrongType(name);
        return false;
    }

    private void WrongType(string wanted)
    {
        var remedy = wanted == "text" && json.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False
            ? "; put it in quotes"
            : "";
        Report(StructuralProblemKind.WrongType, $"must be {wanted}, not {Name(json.TokenType)}{remedy}");
        json.Skip();
    }

    private void Report(StructuralProblemKind kind, string message) => problems.Add(new StructuralProblem(kind, path.ToString(), message));

    private static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "null",
    };
}

/// <summary>The fields of one object, as they come.</summary>
internal sealed class FieldSet(string[] known)
{
    /// <summary>The fields that the schema names.</summary>
    public IReadOnlyList<string> Known => known;

    public System.Collections.Generic.HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    public System.Collections.Generic.HashSet<string> Nulls { get; } = new(StringComparer.Ordinal);

    /// <summary>Does the path end in a field of this object?</summary>
    public bool Inside { get; set; }

    public bool Knows(string name) => known.Contains(name);

    /// <summary>Did the field come, and not as null?</summary>
    public bool Has(string name) => Names.Contains(name) && !Nulls.Contains(name);
}
