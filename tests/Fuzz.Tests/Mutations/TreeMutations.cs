using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Mutations;

/// <summary>Changes JSON values as trees, so that most results are JSON still.</summary>
internal sealed class TreeMutations(ByteMutations bytes, IReadOnlyList<string> tokens, IReadOnlyList<JsonTree> others)
{
    private const int MaxNodes = 4_000;

    /// <summary>One change of one value, a member or an item of it.</summary>
    /// <returns>The root, which may be another one.</returns>
    public JsonTree Apply(Dice dice, JsonTree root)
    {
        var holders = Holders(root);
        if (holders.Count == 0 || dice.Chance(40))
            return Replaced(dice, root);
        if (dice.Chance(12))
        {
            Everywhere(dice, holders);
            return root;
        }

        switch (dice.Pick(holders))
        {
            case JsonTree.Items items:
                Change(dice, items.Values, value => value, (_, value) => value);
                break;
            case JsonTree.Members members:
                if (dice.Chance(6) && members.Fields.Count > 0)
                    Rename(dice, members.Fields);
                else
                    Change(dice, members.Fields, field => field.Value, (field, value) => (field.Key ?? Key(dice), value));
                break;
        }

        return root;
    }

    /// <summary>All arrays and objects, the outermost first.</summary>
    private static List<JsonTree> Holders(JsonTree root)
    {
        var found = new List<JsonTree>();
        var open = new Queue<JsonTree>([root]);
        while (open.TryDequeue(out var next) && found.Count < MaxNodes)
        {
            if (next is JsonTree.Scalar)
                continue;
            found.Add(next);
            foreach (var child in Children(next))
                open.Enqueue(child);
        }

        return found;
    }

    /// <summary>One scalar wherever it occurs: two values that a parser compares stay equal.</summary>
    private static void Everywhere(Dice dice, List<JsonTree> holders)
    {
        var scalars = holders.SelectMany(Children).OfType<JsonTree.Scalar>().Take(MaxNodes).ToArray();
        if (scalars.Length == 0)
            return;
        var (old, it) = (dice.Pick(scalars).Raw, new JsonTree.Scalar(dice.Pick(dice.Chance(2) ? Hostile.Numbers : Hostile.Texts)));
        foreach (var holder in holders)
        {
            for (var at = 0; holder is JsonTree.Items items && at < items.Values.Count; at++)
                items.Values[at] = items.Values[at] is JsonTree.Scalar scalar && scalar.Raw == old ? it : items.Values[at];
            for (var at = 0; holder is JsonTree.Members members && at < members.Fields.Count; at++)
                members.Fields[at] = members.Fields[at] is (var key, JsonTree.Scalar scalar) && scalar.Raw == old ? (key, it) : members.Fields[at];
        }
    }

    private static IEnumerable<JsonTree> Children(JsonTree holder) => holder switch
    {
        JsonTree.Items items => items.Values,
        JsonTree.Members members => members.Fields.Select(field => field.Value),
        _ => [],
    };

    private void Change<T>(Dice dice, List<T> all, Func<T, JsonTree> valueOf, Func<T, JsonTree, T> with)
    {
        var at = dice.Next(all.Count);
        var one = all.Count == 0 ? default! : all[at];
        switch (all.Count == 0 ? 5 : dice.Next(10))
        {
            case 0:
                all.RemoveAt(at);
                break;
            case 1:
                all.Insert(dice.Next(all.Count + 1), with(one, valueOf(one).Clone()));
                break;
            case 2:
                // Equal keys with different values.
                all.Insert(dice.Next(all.Count + 1), with(one, Replaced(dice, valueOf(one).Clone())));
                break;
            case 3:
                var other = dice.Next(all.Count);
                (all[at], all[other]) = (all[other], all[at]);
                break;
            case 4:
                for (var times = 1 << dice.Next(9); times > 0; times--)
                    all.Add(one);
                break;
            case 5:
                all.Insert(dice.Next(all.Count + 1), with(default!, Spliced(dice)));
                break;
            default:
                all[at] = with(one, Replaced(dice, valueOf(one)));
                break;
        }
    }

    private void Rename(Dice dice, List<(string Key, JsonTree Value)> fields)
    {
        var at = dice.Next(fields.Count);
        fields[at] = (dice.Chance(2) ? Key(dice) : Text(dice, fields[at].Key), fields[at].Value);
    }

    private string Key(Dice dice) => dice.Chance(3) || tokens.Count == 0 ? dice.Pick(Hostile.Texts) : Quoted(dice.Pick(tokens));

    /// <summary>Another value in the place of one.</summary>
    private JsonTree Replaced(Dice dice, JsonTree value) => dice.Next(12) switch
    {
        0 => new JsonTree.Scalar(dice.Pick(Hostile.Numbers)),
        1 => new JsonTree.Scalar(dice.Pick(Hostile.Texts)),
        2 => new JsonTree.Scalar(dice.Pick(Hostile.Others)),
        3 => new JsonTree.Items([value]),
        4 => new JsonTree.Members([(Key(dice), value)]),
        5 => Unwrapped(value),
        6 => Deep(dice, value),
        7 => Spliced(dice),
        8 => AsText(value),
        _ => value is JsonTree.Scalar { IsText: true } text ? new JsonTree.Scalar(Text(dice, text.Raw))
            : value is JsonTree.Scalar ? new JsonTree.Scalar(dice.Pick(Hostile.Numbers))
            : Apply(dice, value),
    };

    private JsonTree Spliced(Dice dice)
    {
        if (dice.Chance(3) && tokens.Count > 0)
            return new JsonTree.Scalar(Quoted(dice.Pick(tokens)));
        var holders = Holders(dice.Pick(others));
        return holders.Count == 0 ? dice.Pick(others).Clone() : dice.Pick(holders).Clone();
    }

    private static JsonTree Unwrapped(JsonTree value) => value switch
    {
        JsonTree.Items { Values: [var only, ..] } => only,
        JsonTree.Members { Fields: [var (_, only), ..] } => only,
        _ => value,
    };

    private static JsonTree Deep(Dice dice, JsonTree value)
    {
        var depth = dice.Chance(6) ? 10_001 : 1 << dice.Next(9);
        var isList = dice.Chance(2);
        var (open, close) = isList ? ("[", "]") : ("{\"a\":", "}");
        var text = new StringBuilder(string.Concat(Enumerable.Repeat(open, depth)));
        value.Write(text, text.Length + FuzzSettings.MaxInput);
        return new JsonTree.Scalar(text.Insert(text.Length, close, depth).ToString());
    }

    private static JsonTree AsText(JsonTree value)
    {
        if (value is JsonTree.Scalar { IsText: true, Raw: var raw })
            return new JsonTree.Scalar(raw[1..^1] is { Length: > 0 } inner && !inner.Contains('\\') ? inner : raw);
        var text = new StringBuilder();
        value.Write(text, 10_000);
        return new JsonTree.Scalar(Quoted(text.ToString()));
    }

    /// <summary>A changed JSON string; one that no decoder accepts stays as it is.</summary>
    private string Text(Dice dice, string raw)
    {
        string decoded;
        try
        {
            decoded = JsonSerializer.Deserialize<string>(raw)!;
        }
        catch (JsonException)
        {
            return raw;
        }

        var text = Encoding.UTF8.GetBytes(decoded);
        if (dice.Chance(12))
            text = ByteMutations.Wrapped(dice, text);
        var other = tokens.Count > 0 ? Encoding.UTF8.GetBytes(dice.Pick(tokens)) : [];
        for (var rounds = 1 << dice.Next(3); rounds > 0; rounds--)
            text = bytes.Apply(dice, text, other);
        return Quoted(Encoding.UTF8.GetString(text));
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
