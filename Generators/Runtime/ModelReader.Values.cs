namespace Kollect.Models;

using global::System;
using Base64Text = global::System.Buffers.Text.Base64;
using global::System.Collections.Generic;
using global::System.Globalization;
using global::System.Linq;
using global::System.Text.Json;
using global::System.Text.RegularExpressions;

/// <summary>Readers of the types that a schema can state. Each reports a problem and returns null for a value of another type.</summary>
internal ref partial struct ModelReader
{
    /// <summary>Checked before parsing, because the framework's parser reads a time without an offset as local time.</summary>
    private const string Rfc3339 = @"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\z";

    /// <summary>A text; lengths count Unicode code points.</summary>
    public string? Text(int minLength = 0, int maxLength = int.MaxValue, string? pattern = null)
    {
        if (!Expect(JsonTokenType.String, "text"))
            return null;
        var text = json.GetString()!;
        var length = text.EnumerateRunes().Count();
        if (length > maxLength)
            Report(StructuralProblemKind.TooLong, Invariant($"is {length} characters long; at most {maxLength} are possible"));
        if (length < minLength)
            Report(StructuralProblemKind.TooShort, Invariant($"is {length} characters long; at least {minLength} are needed"));
        if (pattern is not null && !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking))
            Report(StructuralProblemKind.PatternMismatch, $"{QuotedText.Of(text)} does not match {pattern}");
        return text;
    }

    /// <summary>A base64 text; it is validated, not decoded.</summary>
    public string? Base64(int minLength = 0, int maxLength = int.MaxValue, string? pattern = null)
    {
        var text = Text(minLength, maxLength, pattern);
        if (text is not null && !Base64Text.IsValid(text))
            Report(StructuralProblemKind.BadFormat, "is not base64; try: base64 -w0 FILE");
        return text;
    }

    /// <summary>An RFC 3339 time.</summary>
    public DateTimeOffset? Time()
    {
        if (!Expect(JsonTokenType.String, "a time such as 2026-01-31T12:00:00Z"))
            return null;
        var text = json.GetString()!;
        if (Regex.IsMatch(text, Rfc3339, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking) && json.TryGetDateTimeOffset(out var time))
            return time;
        Report(StructuralProblemKind.BadFormat, $"{QuotedText.Of(text)} is no time; write it as 2026-01-31T12:00:00Z");
        return null;
    }

    /// <summary>A text that <paramref name="allowed"/> contains; returns its index.</summary>
    public int? OneOf(string[] allowed)
    {
        if (!Expect(JsonTokenType.String, "text"))
            return null;
        var text = json.GetString()!;
        var index = Array.IndexOf(allowed, text);
        if (index >= 0)
            return index;
        Report(
            StructuralProblemKind.NotInEnum,
            $"{QuotedText.Of(text)} is none of {string.Join(", ", allowed)}{NearestName.DidYouMean(text, allowed)}");
        return null;
    }

    /// <summary>True or false.</summary>
    public bool? Boolean()
    {
        if (json.TokenType is JsonTokenType.True or JsonTokenType.False)
            return json.GetBoolean();
        WrongType("true or false");
        return null;
    }

    /// <summary>A whole number of 32 bits.</summary>
    public int? Int32(long minimum = int.MinValue, long maximum = int.MaxValue) =>
        (int?)Int64(Math.Max(minimum, int.MinValue), Math.Min(maximum, int.MaxValue));

    /// <summary>A whole number of 64 bits.</summary>
    public long? Int64(long minimum = long.MinValue, long maximum = long.MaxValue)
    {
        if (!Expect(JsonTokenType.Number, "a whole number"))
            return null;
        if (json.TryGetInt64(out var number) && number >= minimum && number <= maximum)
            return number;
        Report(StructuralProblemKind.OutOfRange, Invariant($"{Raw()} is no whole number from {minimum} to {maximum}"));
        return null;
    }

    /// <summary>A number, rounded to 64-bit floating point.</summary>
    public double? Number(double minimum = double.MinValue, double maximum = double.MaxValue)
    {
        if (!Expect(JsonTokenType.Number, "a number"))
            return null;
        if (json.TryGetDouble(out var number) && number >= minimum && number <= maximum)
            return number;
        Report(StructuralProblemKind.OutOfRange, Invariant($"{Raw()} is no number from {minimum} to {maximum}"));
        return null;
    }

    /// <summary>A list; items that do not fit the schema are reported and omitted.</summary>
    public ModelList<T>? List<T>(ReadValue<T?> read, int minItems = 0, int maxItems = int.MaxValue)
        where T : class => Items(read, static item => item!, minItems, maxItems);

    /// <summary>The same for structs.</summary>
    public ModelList<T>? ValueList<T>(ReadValue<T?> read, int minItems = 0, int maxItems = int.MaxValue)
        where T : struct => Items(read, static item => item!.Value, minItems, maxItems);

    /// <summary>A map; entries that do not fit the schema are reported and omitted.</summary>
    public ModelMap<T>? Map<T>(ReadValue<T?> read, int minProperties = 0, int maxProperties = int.MaxValue)
        where T : class => Entries(read, static value => value!, minProperties, maxProperties);

    /// <summary>The same for structs.</summary>
    public ModelMap<T>? ValueMap<T>(ReadValue<T?> read, int minProperties = 0, int maxProperties = int.MaxValue)
        where T : struct => Entries(read, static value => value!.Value, minProperties, maxProperties);

    private ModelList<T>? Items<TRead, T>(ReadValue<TRead> read, Func<TRead, T> certain, int minimum, int maximum)
    {
        if (!Expect(JsonTokenType.StartArray, "a list"))
            return null;
        var items = new List<T>();
        var count = 0;
        for (; json.Read() && json.TokenType != JsonTokenType.EndArray; count++)
        {
            path.EnterItem(count);
            if (read(ref this) is { } item)
                items.Add(certain(item));
            path.Leave();
        }

        CheckCount(count, "items", minimum, maximum);
        return new ModelList<T>(items.ToArray());
    }

    private ModelMap<T>? Entries<TRead, T>(ReadValue<TRead> read, Func<TRead, T> certain, int minimum, int maximum)
    {
        if (!Expect(JsonTokenType.StartObject, "a map"))
            return null;
        var map = default(ModelMap<T>);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = json.GetString()!;
            path.EnterKey(key);
            json.Read();
            if (!seen.Add(key))
                Report(StructuralProblemKind.DuplicateField, "is given twice; the last one would count");
            if (read(ref this) is { } value)
                map = map.With(key, certain(value));
            path.Leave();
        }

        CheckCount(seen.Count, "entries", minimum, maximum);
        return map;
    }

    private void CheckCount(int count, string unit, int minimum, int maximum)
    {
        if (count > maximum)
            Report(StructuralProblemKind.TooMany, Invariant($"has {count} {unit}; at most {maximum} are possible"));
        if (count < minimum)
            Report(StructuralProblemKind.TooFew, Invariant($"has {count} {unit}; at least {minimum} are needed"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
