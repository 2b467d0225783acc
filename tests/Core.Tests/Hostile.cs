using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Backends;
using Kollect.Core.Formatting;

namespace Kollect.Core.Tests;

/// <summary>Texts of others that would move a cursor, hide or reorder what a person reads, and the check that no output contains one.</summary>
internal static class Hostile
{
    /// <summary>
    /// Escape sequences, NUL, C0, DEL, C1, direction, zero width, separators, byte order mark, tags; no half of a surrogate pair, which PostgreSQL
    /// cannot hold either.
    /// </summary>
    public const string Name =
        "a\u001b[2J\u001b]0;x\u0007\0\b\u007f\u0085\u009b"
        + "\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\u200d\u2060\ufeff\u00ad\u2028\u2029\u115f\U000E0001\U000E0041\uffff"
        + "b\r\n--\t\"';`";

    /// <summary>The same with lone surrogates.</summary>
    public const string Text = Name + "\ud800x\udfff\ud83d";

    /// <summary>Fails on a hidden character.</summary>
    public static void AssertPlain(string output, bool keepsLines = false)
    {
        for (var i = 0; i < output.Length; i += Rune.GetRuneAt(output, i).Utf16SequenceLength)
        {
            Assert.True(Rune.TryGetRuneAt(output, i, out var rune), $"half a surrogate pair at {i}: {Shown.Quoted(output)}");
            Assert.True(!Shown.IsHidden(rune) || (keepsLines && rune.Value == '\n'), $"U+{rune.Value:X4} at {i}: {Shown.PlainJson(output)}");
        }
    }

    /// <summary>The same for every text in a JSON document, as a reader of the document gets it.</summary>
    public static void AssertPlain(JsonNode? json, bool keepsLines = false)
    {
        switch (json)
        {
            case JsonObject it:
                foreach (var (name, value) in it)
                {
                    AssertPlain(name);
                    AssertPlain(value, keepsLines);
                }

                break;
            case JsonArray it:
                foreach (var item in it)
                    AssertPlain(item, keepsLines);
                break;
            case JsonValue it when it.TryGetValue<string>(out var text):
                AssertPlain(text, keepsLines);
                break;
        }
    }

    /// <summary>Every case of a closed union, with hostile texts wherever it has a text.</summary>
    public static IEnumerable<T> Cases<T>() => typeof(T).GetNestedTypes().Where(type => type.IsAssignableTo(typeof(T))).Select(type => (T)Of(type));

    /// <summary>A record with hostile texts.</summary>
    public static T Of<T>() => (T)Of(typeof(T));

    private static object Of(Type type)
    {
        if (type == typeof(string))
            return Name;
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(0)!;
        if (type.IsValueType && !type.IsGenericType)
            return type == typeof(bool) ? true : Activator.CreateInstance(type)!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Option<>))
            return Wrapped(type, Of(type.GetGenericArguments()[0]));
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Seq<>))
            return typeof(Hostile).GetMethod(nameof(One), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(type.GetGenericArguments()[0]).Invoke(null, [Of(type.GetGenericArguments()[0])])!;
        if (typeof(Column).IsAssignableFrom(type))
            return Columns.All.Head;
        if (type.IsAbstract)
            return Of(type.GetNestedTypes().First(nested => nested.IsAssignableTo(type)));
        if (type.GetConstructors() is not [var constructor, ..])
            return type.GetProperties(BindingFlags.Static | BindingFlags.Public).First(it => it.PropertyType == type).GetValue(null)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(it => Of(it.ParameterType))]);
    }

    private static Seq<T> One<T>(T item) => Seq1(item);

    private static object Wrapped(Type option, object value) =>
        option.GetMethod("Some", [value.GetType()])?.Invoke(null, [value])
        ?? typeof(Prelude).GetMethods().First(it => it.Name == "Some" && it.GetParameters().Length == 1)
            .MakeGenericMethod(option.GetGenericArguments()[0]).Invoke(null, [value])!;
}
