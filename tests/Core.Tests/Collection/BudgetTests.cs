using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Kollect.Core.Collection;
using Kollect.Core.Collection.JsonPaths;
using Kollect.Core.Tests.Backends.MongoDb;
using static Kollect.Core.Tests.Manifests.InventoryManifests;

namespace Kollect.Core.Tests.Collection;

/// <summary>The work on one object is limited, whatever the paths of the profile and whatever the object.</summary>
public sealed class BudgetTests
{
    private const int Depth = 470;
    private const int MaxPaths = 256;

    /// <summary>A margin of 5 over the slowest machine; without the budget the slowest of these took 31 s and allocated 8.4 GB.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const long MaxAllocated = 200_000_000;

    private static readonly Target Target = Parsed<Target>("KollectTarget", JsonNode.Parse("""{ "profileRef": "deployments" }""")!);

    private static readonly string Nested = string.Concat(Enumerable.Repeat("{\"a\":", Depth)) + "1" + new string('}', Depth);
    private static readonly string Lists = new string('[', Depth) + new string(']', Depth);
    private static readonly string Wide = $"[{string.Join(',', Enumerable.Repeat("{\"a\":[1,2,3]}", 20_000))}]";
    private static readonly string LongTexts = $"[{string.Join(',', Enumerable.Repeat($"\"{new string('x', 10_000)}\"", 100))}]";

    public static TheoryData<string, string> Attacks => new(
        from path in new[]
        {
            "$..*..*", "$..*", "$..a..a", "$..[?(@..a==7)]", "$..[?($..a!=@)]", "$[*][*][?(@==$[*][*])]", "$..[?(@.a[?(@.a[?(@.a[?(@.a)])])])]", "$", "$.spec",
            "$..['a','a','a','a','a','a','a','a']", "$..[0,0,0,0,0,0,0,0,0,0]", "$..[0:]", "$..[::2147483647]", "$.spec[?(@==$.spec[*])]",
            "$.spec[?(@!=$.spec[99])]", "$..[-1]",
        }
        from spec in new[] { "Nested", "Lists", "Wide", "LongTexts" }
        select (path, spec));

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Any_profile_over_any_object_ends_soon(string path, string spec)
    {
        var json = spec switch { "Nested" => Nested, "Lists" => Lists, "Wide" => Wide, _ => LongTexts };
        var item = Encoding.UTF8.GetBytes($$"""{ "metadata": { "uid": "u" }, "spec": {{json}} }""");
        var (watch, before) = (System.Diagnostics.Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
        var collected = Assert.IsType<Extracted.Collected>(Extraction.Item(Profile(Enumerable.Repeat(path, MaxPaths)), Target, item));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
        Assert.InRange(collected.Item.Json.Length, 0, PathBudget.MinBytes + ((PathBudget.MaxTimes + 1) * item.Length));
    }

    [Fact]
    public void The_attribute_that_exceeds_the_budget_is_reported_and_the_item_lacks_it_and_those_after_it()
    {
        var json = Encoding.UTF8.GetBytes($$"""{ "metadata": { "uid": "u", "name": "web" }, "spec": {{Nested}} }""");
        var profile = Parsed<Profile>("KollectProfile", JsonNode.Parse("""
            { "targetGVK": { "version": "v1", "kind": "Pod" }, "export": { "mode": "Resource", "prune": [ "$.status" ] },
              "attributes": [ { "name": "name", "path": "$.metadata.name" }, { "name": "absent", "path": "$.metadata.absent" },
                              { "name": "costly", "path": "$..a[?($..a!=@)]", "type": "int", "optional": true }, { "name": "uid", "path": "$.metadata.uid" } ] }
            """)!);
        var collected = Assert.IsType<Extracted.Collected>(Extraction.Item(profile, Target, json));
        Assert.EndsWith("""{"name":"web"}}""", Encoding.UTF8.GetString(collected.Item.Json.Span), StringComparison.Ordinal);
        Assert.Equal(
            [
                "absent: the path finds nothing; say optional: true if that is fine",
                "costly: with path \"$..a[?($..a!=@)]\" more than 250,000 values are visited in this object; write fewer wildcards, or fewer paths with them; "
                    + "this attribute and those after it are missing",
            ],
            collected.Problems.Map(it => it.ToString()).ToArray());
        Assert.Equal([false, true], collected.Problems.Map(it => it.IsLast).ToArray());
    }

    [Fact]
    public void A_third_descent_is_refused_wherever_it_stands() => Assert.All(
        new[] { "$..a..b..c", "$..a[?(@..b==$..c)]", "$[?(@..a)]..b..c", "$..*..*..*", "$[?(@..a==@..b)]..c" },
        path => Assert.Contains(
            "2 of them are possible in a path and its filters", JsonPath.Compile(path).Match(_ => "", error => error.ToString()), StringComparison.Ordinal));

    /// <summary>The budget counts every value that is visited, so an evaluation ends with one more value at the latest.</summary>
    [Property]
    public Property The_work_is_bounded_for_any_paths_and_any_object() =>
        Prop.ForAll(Arb.From(SomePaths()), Arb.From(SomeObject()), (paths, json) =>
        {
            var item = Encoding.UTF8.GetBytes(json);
            var first = Assert.IsType<Extracted.Collected>(Extraction.Item(Profile(paths), Target, item));
            var before = GC.GetAllocatedBytesForCurrentThread();
            var second = Assert.IsType<Extracted.Collected>(Extraction.Item(Profile(paths), Target, item));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxAllocated);
            Assert.InRange(second.Item.Json.Length, 0, 40_000 + PathBudget.MinBytes + (PathBudget.MaxTimes * item.Length));
            Assert.True(first.Item.Json.Span.SequenceEqual(second.Item.Json.Span));
            Assert.Equal(first.Problems, second.Problems);
            Assert.DoesNotContain(first.Problems.Take(Math.Max(0, first.Problems.Count - 1)), problem => problem.IsLast);
        });

    private static Profile Profile(IEnumerable<string> paths)
    {
        var attributes = paths.Select((path, index) => new JsonObject { ["name"] = $"a{index}", ["path"] = path, ["optional"] = true });
        return Parsed<Profile>("KollectProfile", new JsonObject
        {
            ["targetGVK"] = new JsonObject { ["version"] = "v1", ["kind"] = "Pod" },
            ["attributes"] = new JsonArray([.. attributes]),
        });
    }

    private static Gen<string[]> SomePaths()
    {
        var plain = Gen.Elements(".*", ".a", ".b", "[*]", "[0]", "[-1]", "[::2]", "['a','b','a']", "[?(@.a)]", "[?(@==$.spec)]", "[?(@!=@.*)]", "[0,1,0]");
        var descent = Gen.Elements("..*", "..a", "..[*]", "..[0:]", "..[?(@.a!=$.spec.a)]", "..['a','b']");
        var path = from before in plain.ListOf(2)
                   from one in descent
                   from between in plain.ListOf(2)
                   from another in Gen.OneOf(descent, plain)
                   select $"${string.Concat(before)}{one}{string.Concat(between)}{another}";
        return from some in path.ArrayOf(4) from times in Gen.Choose(1, MaxPaths / 4) select Enumerable.Repeat(some, times).SelectMany(it => it).ToArray();
    }

    private static Gen<string> SomeObject() =>
        from json in SomeJson.Objects().Generator.Select(it => it.Text)
        from depth in Gen.Choose(0, Depth - 60)
        from width in Gen.Choose(1, 50)
        from open in Gen.Elements("{\"a\":", "[")
        let items = string.Join(',', Enumerable.Repeat(json, width))
        select $$"""{"metadata":{"uid":"u"},"spec":{{Repeat(open, depth)}}[{{items}}]{{Repeat(open == "[" ? "]" : "}", depth)}}}""";

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
