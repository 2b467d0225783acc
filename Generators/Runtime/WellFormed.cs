namespace Kollect.Models;

using global::System;
using global::System.Globalization;
using global::System.Text.Json;
using global::System.Text.Unicode;

/// <summary>Checks a document before it is read, so that <see cref="ModelReader"/> meets no exceptions.</summary>
internal static class WellFormed
{
    /// <summary>Null = the document is well-formed JSON in UTF-8.</summary>
    public static StructuralProblem? Check(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            return Malformed("is not UTF-8 text");
        var reader = new Utf8JsonReader(utf8);
        try
        {
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
            return null;
        }
        catch (JsonException error)
        {
            return Malformed(string.Create(
                CultureInfo.InvariantCulture,
                $"is not JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1} of the line"));
        }
        catch (InvalidOperationException)
        {
            return Malformed(string.Create(CultureInfo.InvariantCulture, $"holds half a surrogate pair in the text at byte {reader.TokenStartIndex + 1}"));
        }
    }

    private static StructuralProblem Malformed(string message) => new(StructuralProblemKind.MalformedJson, "", message);
}
