namespace Kollect.Models;

using global::System;
using global::System.Collections.Generic;
using global::System.Linq;
using global::System.Text;
using global::System.Text.Json;

/// <summary>Reads the current value of <paramref name="reader"/>; null = the value does not fit the schema, and a problem was reported.</summary>
internal delegate T ReadValue<out T>(ref ModelReader reader);

/// <summary>
/// Reads well-formed JSON for the generated models. A value that does not fit the schema is reported as a problem with its path, and
/// reading continues after it. JSON null counts as absent, as in the API server.
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

    /// <summary>Reads a whole document. Null = the document is not JSON, or is not an object.</summary>
    public static T? Document<T>(ReadOnlySpan<byte> utf8, ReadValue<T?> read, out ModelList<StructuralProblem> problems)
        where T : class
    {
        if (WellFormed.Check(utf8) is { } malformed)
        {
            problems = [malformed];
            return null;
        }

        var reader = new ModelReader(utf8);
        var model = read(ref reader);
        problems = [.. reader.problems];
        return model;
    }

    /// <summary>Enters the current object; false = the value is of another type and was reported and skipped.</summary>
    public bool EnterObject(string[] known, out FieldSet seen)
    {
        seen = new FieldSet(known);
        return Expect(JsonTokenType.StartObject, "an object");
    }

    /// <summary>Moves to the value of the next field; false = the object has ended. A known field that is null is skipped.</summary>
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

    /// <summary>Reports each required field that is absent or null.</summary>
    public void Require(FieldSet seen, params string[] required)
    {
        foreach (var name in required)
            if (!seen.Has(name))
                problems.Add(new StructuralProblem(StructuralProblemKind.MissingRequired, path.Of(name), "is required but missing"));
    }

    /// <summary>Reports a field that the schema does not define, and keeps it as raw JSON.</summary>
    public ModelMap<string> Unknown(FieldSet seen, ModelMap<string> kept, string name)
    {
        Report(StructuralProblemKind.UnknownField, $"is no known field{NearestName.DidYouMean(name, seen.Known)}");
        return kept.With(name, Raw());
    }

    /// <summary>The text of the current value, unchanged.</summary>
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

/// <summary>The fields of one object that have been read so far.</summary>
internal sealed class FieldSet(string[] known)
{
    /// <summary>The fields that the schema defines.</summary>
    public IReadOnlyList<string> Known => known;

    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Nulls { get; } = new(StringComparer.Ordinal);

    /// <summary>True while the current path ends in a field of this object.</summary>
    public bool Inside { get; set; }

    public bool Knows(string name) => known.Contains(name);

    /// <summary>True = the field is present and is not null.</summary>
    public bool Has(string name) => Names.Contains(name) && !Nulls.Contains(name);
}
