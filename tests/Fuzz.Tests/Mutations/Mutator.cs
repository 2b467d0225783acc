using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kollect.Fuzz.Tests.Engine;
using Kollect.Shell.Tests.Manifests;

namespace Kollect.Fuzz.Tests.Mutations;

/// <summary>Makes the inputs of a target. An input depends on seed and iteration alone, so that each can be made again without those before it.</summary>
internal sealed class Mutator
{
    private const int Max = FuzzSettings.MaxInput;

    private readonly InputForm form;
    private readonly IReadOnlyList<(byte[] Text, List<JsonTree>? Json)> seeds;
    private readonly ByteMutations bytes;
    private readonly TreeMutations trees;

    private Mutator(InputForm form, IReadOnlyList<byte[]> seeds, IReadOnlyList<string> tokens)
    {
        this.form = form;
        this.seeds = [.. seeds.Select(text => (text, JsonTree.Parse(text)))];
        bytes = new ByteMutations(tokens, Max);
        trees = new TreeMutations(bytes, tokens, [.. this.seeds.SelectMany(seed => seed.Json ?? [new JsonTree.Items([])])]);
    }

    public static Mutator Of(FuzzTarget target) => new(target.Form, Corpus.Seeds(target), target.Tokens);

    public static Mutator Of(FuzzTarget target, params string[] seeds) => new(target.Form, [.. seeds.Select(Encoding.UTF8.GetBytes)], target.Tokens);

    public byte[] Input(ulong seed, long iteration)
    {
        var dice = new Dice(seed, iteration);
        var (text, json) = dice.Pick(seeds);
        var input = json is null || (form is InputForm.Json or InputForm.Manifest && dice.Chance(5))
            ? WithChangedBytes(dice, text)
            : Written(dice, Mutated(dice, json));
        return input.Length <= Max ? input : input[..Max];
    }

    private List<JsonTree> Mutated(Dice dice, List<JsonTree> roots)
    {
        var changed = roots.Select(root => root.Clone()).ToList();
        for (var rounds = 1 << dice.Next(4); rounds > 0; rounds--)
        {
            var at = dice.Next(changed.Count);
            switch (changed.Count == 0 ? 3 : dice.Next(16))
            {
                case 0: changed.Add(changed[at].Clone()); break;
                case 1: changed.RemoveAt(at); break;
                case 3: changed.AddRange((dice.Pick(seeds).Json ?? []).Select(root => root.Clone())); break;
                default: changed[at] = trees.Apply(dice, changed[at]); break;
            }
        }

        return changed;
    }

    private byte[] Written(Dice dice, List<JsonTree> roots)
    {
        if (form == InputForm.Bson)
            return roots.Count == 0 ? [] : new BsonForm(dice, oneErrorIn: 1 << (2 + dice.Next(8))).Document(roots[0]);
        if (form == InputForm.JsonTree)
            return Json(dice, roots.Take(1));
        var input = form == InputForm.Manifest && dice.Chance(2) && Yaml(dice, roots) is { } yaml ? yaml : Json(dice, roots);
        return dice.Chance(3) ? WithChangedBytes(dice, input) : dice.Chance(30) ? ByteMutations.Wrapped(dice, input) : input;
    }

    private static byte[] Json(Dice dice, IEnumerable<JsonTree> roots)
    {
        var (text, between) = (new StringBuilder(), dice.Pick(["\n", "\n", "\r\n", " ", "", "\n\n"]));
        foreach (var root in roots)
        {
            root.Write(text, 2 * Max);
            text.Append(between);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Null = a value that the writer of YAML cannot hold.</summary>
    private static byte[]? Yaml(Dice dice, List<JsonTree> roots)
    {
        try
        {
            var objects = roots.Select(root =>
            {
                var json = new StringBuilder();
                root.Write(json, Max);
                return (JsonObject)JsonNode.Parse(json.ToString())!.DeepClone();
            }).ToArray();
            return new MutatedYaml(dice.Next(int.MaxValue)).File(objects);
        }
        catch (Exception e) when (e is JsonException or InvalidCastException or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            return null;
        }
    }

    private byte[] WithChangedBytes(Dice dice, byte[] input)
    {
        for (var rounds = 1 << dice.Next(4); rounds > 0; rounds--)
            input = bytes.Apply(dice, input, dice.Pick(seeds).Text);
        return input;
    }
}
