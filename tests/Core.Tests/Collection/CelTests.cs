using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Kollect.Core.Collection.Cel;
using Kollect.Core.Collection.JsonPaths;

namespace Kollect.Core.Tests.Collection;

public sealed class CelTests
{
    private const string Object = """
        { "kind": "Deployment",
          "metadata": { "name": "web", "labels": { "app": "web", "example.com/team": "shop" }, "creationTimestamp": "2026-03-01T10:00:00Z" },
          "spec": { "replicas": 3, "nothing": null, "args": [ "b", "a" ], "wait": "90s",
                    "containers": [ { "name": "web", "image": "reg/web:1.2" }, { "name": "proxy", "image": "reg/proxy:2" } ] } }
        """;

    /// <summary>Values by cel-spec's List of Standard Definitions.</summary>
    [Theory]
    [InlineData("size(object.spec.containers)", "2")]
    [InlineData("object.spec.containers.map(c, c.image)", """["reg/web:1.2","reg/proxy:2"]""")]
    [InlineData("object.spec.containers.filter(c, c.name.startsWith('w'))[0].image", "\"reg/web:1.2\"")]
    [InlineData("object.spec.containers.map(c, c.name == 'web', c.image)", """["reg/web:1.2"]""")]
    [InlineData("object.spec.containers.exists(c, c.image.endsWith(':2'))", "true")]
    [InlineData("object.spec.containers.all(c, c.image.contains('web'))", "false")]
    [InlineData("object.spec.containers.exists_one(c, c.name == 'web')", "true")]
    [InlineData("has(object.spec.absent)", "false")]
    [InlineData("has(object.spec.absent) ? object.spec.absent : 'none'", "\"none\"")]
    [InlineData("object.metadata.labels['example.com/team']", "\"shop\"")]
    [InlineData("'app' in object.metadata.labels && 'a' in object.spec.args", "true")]
    [InlineData("object.spec.replicas * 2 - 7 / 2 % 2", "5")]
    [InlineData("-object.spec.replicas + -(-1)", "-2")]
    [InlineData("1.0 / 4.0", "0.25")]
    [InlineData("object.spec.replicas == 3.0 && 1 != 2 && !false", "true")]
    [InlineData("object.spec.absent == 1 || true", "true")]
    [InlineData("false && object.spec.absent == 1", "false")]
    [InlineData("object.spec.nothing", "null")]
    [InlineData("'a' + \"b\\u00e9\" + r'\\n'", "\"ab\u00e9\\\\n\"")]
    [InlineData("size('a\U0001F600')", "2")]
    [InlineData("object.spec.containers[0].image.matches('^reg/[a-z]+:[0-9.]+$')", "true")]
    [InlineData("string(object.spec.replicas) + '/' + string(true)", "\"3/true\"")]
    [InlineData("int('42') + int(2.9)", "44")]
    [InlineData("type(1) == int", "true")]
    [InlineData("{'a': 1, 'b': [1, 2]}", """{"a":1,"b":[1,2]}""")]
    [InlineData("timestamp(object.metadata.creationTimestamp).getFullYear()", "2026")]
    [InlineData("timestamp(object.metadata.creationTimestamp) + duration(object.spec.wait)", "\"2026-03-01T10:01:30Z\"")]
    [InlineData("duration('90s') > duration('1m')", "true")]
    [InlineData("'Web,Api'.lowerAscii().split(',').join('-')", "\"web-api\"")]
    [InlineData("'web:1'.replace(':', '@').substring(0, 4).upperAscii()", "\"WEB@\"")]
    [InlineData("[3, 1, 2].min() + [3, 1, 2].max() + [3, 1, 2].sum()", "10")]
    [InlineData("object.spec.args.indexOf('a')", "1")]
    public void An_expression_has_the_value_that_the_language_defines(string expression, string expected)
    {
        var budget = new CelBudget(new PathBudget(0));
        var json = CelResult.AsJson(Evaluate(expression, budget), budget).IfLeft(why => throw new Xunit.Sdk.XunitException(why));
        Assert.Equal(JsonDocument.Parse(expected).RootElement.ToString(), json.ToString());
    }

    [Theory]
    [InlineData("object.spec.absent")]
    [InlineData("object.spec.containers[2]")]
    [InlineData("1 / 0")]
    [InlineData("9223372036854775807 + 1")]
    [InlineData("1 + 'a'")]
    [InlineData("int('x')")]
    [InlineData("object.spec.absent == 1 || false")]
    [InlineData("object.spec.replicas ? 1 : 2")]
    public void An_evaluation_that_fails_is_an_error(string expression) =>
        Assert.IsType<CelValue.Error>(Evaluate(expression, new CelBudget(new PathBudget(0))));

    [Fact]
    public void A_text_that_is_no_expression_is_refused_with_its_place()
    {
        string[] texts =
        [
            "size(object.spec", "self.spec.replicas", "object.spec.?replicas", "quantity('1Gi')", "isIP('1.2.3.4')", "sise(object.spec)", "'abc", "1 +", "a b",
            "object.metadata.name.matches(object.spec.pattern)", "'a'.matches('(a)\\\\1')", "99999999999999999999", "object.map(x)", "#", "[1, 2",
            new string('(', 100), string.Join('+', Enumerable.Repeat("1", 500)), new string('!', 500) + "true",
        ];
        var words = new StringBuilder();
        foreach (var text in texts)
            words.Append(CelExpression.Compile(text).Match(_ => throw new Xunit.Sdk.XunitException(text), error => error.ToString())).Append('\n');
        Golden.Verify(words.ToString(), "cel/errors.txt");
    }

    /// <summary>Each of them ran without an end, or ended the process, in the library that was judged first.</summary>
    [Theory]
    [InlineData("object.n.map(a, object.n.map(b, object.n.map(c, object.n.map(d, a + b + c + d)))).size()")]
    [InlineData("object.n.all(a, object.n.all(b, object.n.all(c, object.n.all(d, a + b + c + d >= 0))))")]
    [InlineData("object.n.map(a, object.s + object.s).size()")]
    [InlineData("object.n.map(a, object.n + object.n).size()")]
    [InlineData("object.s.replace('a', object.s).replace('a', object.s)")]
    public void The_work_of_an_evaluation_is_bounded(string expression)
    {
        var wide = JsonDocument.Parse($$"""{ "n": [{{string.Join(',', Enumerable.Range(0, 1_000))}}], "s": "{{new string('a', 50_000)}}!" }""");
        var budget = new CelBudget(new PathBudget(0));
        var watch = Stopwatch.StartNew();
        CelExpression.Compile(expression).Map(it => it.Evaluate(wide.RootElement, budget));
        Assert.True(budget.IsExceeded);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5_000);
    }

    [Fact]
    public void A_regular_expression_takes_time_that_is_linear_in_the_text()
    {
        var budget = new CelBudget(new PathBudget(0));
        var watch = Stopwatch.StartNew();
        Assert.Equal(CelValue.Of(false), Evaluate($"'{new string('a', 3_000)}!'.matches('^(a+)+$')", budget));
        Assert.InRange(watch.ElapsedMilliseconds, 0, 5_000);
    }

    private static CelValue Evaluate(string expression, CelBudget budget)
    {
        using var document = JsonDocument.Parse(Object);
        return CelExpression.Compile(expression).Match(
            it => it.Evaluate(document.RootElement.Clone(), budget), error => throw new Xunit.Sdk.XunitException(error.ToString()));
    }
}
