using System.Globalization;
using System.Text;
using Kollect.Core.Formatting;
using static Kollect.Core.Collection.Cel.CelValue;
using Duration = Kollect.Core.Collection.Cel.CelValue.Duration;
using List = Kollect.Core.Collection.Cel.CelValue.List;
using Map = Kollect.Core.Collection.Cel.CelValue.Map;

namespace Kollect.Core.Collection.Cel;

/// <summary>The functions that have names, except <c>matches</c>. Null = not defined for values of these types.</summary>
internal static class CelLibrary
{
    /// <summary>A function of a name and a number of arguments, the value before the dot included.</summary>
    internal sealed record Entry(string Name, bool IsMethod, int Arguments, Func<CelValue[], CelBudget, CelValue?> Run);

    private static readonly Error OutOfRange = new("a position is outside of the text");

    /// <summary>All of them.</summary>
    public static IEnumerable<Entry> Functions => Conversions.Concat(Texts).Concat(Lists).Concat(Times);

    private static IEnumerable<Entry> Conversions =>
    [
        Function("size", Size), Method("size", Size),
        Function("type", static it => new OfType(it.Type)), Function("dyn", static it => it),
        Function("bool", static it => it is Text { Value: var text }
            ? text is "true" or "True" or "TRUE" or "t" or "1" ? Of(true) : text is "false" or "False" or "FALSE" or "f" or "0" ? Of(false) : NoValue("bool")
            : it as Truth),
        Function("int", static it => it switch
        {
            Int => it,
            Uint or Real => it is Uint { Value: <= long.MaxValue } whole ? new Int((long)whole.Value)
                : it is Real { Value: > -9.2e18 and < 9.2e18 } real ? new Int((long)real.Value) : NoValue("int"),
            Text text => long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                ? new Int(whole) : NoValue("int"),
            Timestamp time => new Int(time.Value.ToUnixTimeSeconds()),
            _ => null,
        }),
        Function("uint", static it => it switch
        {
            Uint => it,
            Int whole => whole.Value >= 0 ? new Uint((ulong)whole.Value) : NoValue("uint"),
            Real real => real.Value is >= 0 and < 1.8e19 ? new Uint((ulong)real.Value) : NoValue("uint"),
            Text text => ulong.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? new Uint(whole) : NoValue("uint"),
            _ => null,
        }),
        Function("double", static it => it switch
        {
            Real => it,
            Int whole => new Real(whole.Value),
            Uint whole => new Real(whole.Value),
            Text text => double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? new Real(real) : NoValue("double"),
            _ => null,
        }),
        Function("string", static it => it switch
        {
            Text => it,
            Truth truth => new Text(truth.Value ? "true" : "false"),
            Int whole => new Text(whole.Value.ToString(CultureInfo.InvariantCulture)),
            Uint whole => new Text(whole.Value.ToString(CultureInfo.InvariantCulture)),
            Real real => new Text(real.Value.ToString("R", CultureInfo.InvariantCulture)),
            Duration or Timestamp => new Text(CelResult.Text(it)),
            _ => null,
        }),
        Function("bytes", static it => it is Text text ? new Bytes(Encoding.UTF8.GetBytes(text.Value).ToSeq()) : it as Bytes),
        Function("duration", static it => it is Text text
            ? GoDuration.Parse(text.Value).Match(value => new Duration(value), () => (CelValue)NoValue("duration")) : it as Duration),
        Function("timestamp", static it => it is Text text
            ? DateTimeOffset.TryParse(text.Value, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) && text.Value.Contains('T')
                ? new Timestamp(time.ToUniversalTime()) : NoValue("timestamp")
            : it as Timestamp),
    ];

    private static IEnumerable<Entry> Texts =>
    [
        OfTexts("contains", static (text, other) => Of(text.Contains(other, StringComparison.Ordinal))),
        OfTexts("startsWith", static (text, other) => Of(text.StartsWith(other, StringComparison.Ordinal))),
        OfTexts("endsWith", static (text, other) => Of(text.EndsWith(other, StringComparison.Ordinal))),
        OfText("lowerAscii", static text => string.Create(text.Length, text, static (to, from) =>
        {
            for (var at = 0; at < from.Length; at++)
                to[at] = from[at] is >= 'A' and <= 'Z' ? (char)(from[at] | 0x20) : from[at];
        })),
        OfText("upperAscii", static text => string.Create(text.Length, text, static (to, from) =>
        {
            for (var at = 0; at < from.Length; at++)
                to[at] = from[at] is >= 'a' and <= 'z' ? (char)(from[at] & ~0x20) : from[at];
        })),
        OfText("trim", static text => text.Trim()),
        new("charAt", IsMethod: true, 2, static (it, budget) =>
            it is [Text text, Int at] ? Part(text.Value, at.Value, at.Value + 1, isEndAllowed: true, budget) : null),
        new("substring", IsMethod: true, 2, static (it, budget) =>
            it is [Text text, Int from] ? Part(text.Value, from.Value, long.MaxValue, isEndAllowed: false, budget) : null),
        new("substring", IsMethod: true, 3, static (it, budget) =>
            it is [Text text, Int from, Int to] ? Part(text.Value, from.Value, to.Value, isEndAllowed: false, budget) : null),
        new("replace", IsMethod: true, 3, static (it, budget) =>
            it is [Text text, Text from, Text to] ? Replaced(text.Value, from.Value, to.Value, budget) : null),
        new("split", IsMethod: true, 2, static (it, budget) => it is [Text text, Text by] ? Split(text.Value, by.Value, budget) : null),
        new("join", IsMethod: true, 1, static (it, budget) => it is [List list] ? Joined(list, "", budget) : null),
        new("join", IsMethod: true, 2, static (it, budget) => it is [List list, Text by] ? Joined(list, by.Value, budget) : null),
    ];

    private static IEnumerable<Entry> Lists =>
    [
        new("indexOf", IsMethod: true, 2, static (it, budget) => it switch
        {
            [Text text, Text other] => Position(text.Value, text.Value.IndexOf(other.Value, StringComparison.Ordinal), other.Value, budget),
            [List list, var item] => new Int(list.Items.Select((value, index) => (value, index)).Where(one => CelComparison.IsEqual(one.value, item, budget))
                .Select(one => one.index).FirstOrDefault(-1)),
            _ => null,
        }),
        new("lastIndexOf", IsMethod: true, 2, static (it, budget) => it switch
        {
            [Text text, Text other] => Position(text.Value, text.Value.LastIndexOf(other.Value, StringComparison.Ordinal), other.Value, budget),
            [List list, var item] => new Int(list.Items.Select((value, index) => (value, index)).Where(one => CelComparison.IsEqual(one.value, item, budget))
                .Select(one => one.index).LastOrDefault(-1)),
            _ => null,
        }),
        new("sum", IsMethod: true, 1, static (it, budget) => it is not [List list] ? null
            : list.Items.Aggregate((CelValue?)null, (sum, item) => sum is Error ? sum
                : budget.Visit(1) ? sum is null ? item : CelArithmetic.Add(sum, item, budget) ?? CelEvaluation.NoOverload("sum", item) : item) ?? new Int(0)),
        new("min", IsMethod: true, 1, static (it, budget) => Extreme("min", it[0], static order => order < 0, budget)),
        new("max", IsMethod: true, 1, static (it, budget) => Extreme("max", it[0], static order => order > 0, budget)),
        new("isSorted", IsMethod: true, 1, static (it, budget) => it is not [List list] ? null
            : Of(list.Items.Zip(list.Items.Skip(1)).All(pair => budget.Visit(1) && CelComparison.Order(pair.Item1, pair.Item2) is <= 0))),
    ];

    private static IEnumerable<Entry> Times =>
    [
        OfTime("getFullYear", static it => it.Year, null), OfTime("getMonth", static it => it.Month - 1, null),
        OfTime("getDate", static it => it.Day, null), OfTime("getDayOfMonth", static it => it.Day - 1, null),
        OfTime("getDayOfWeek", static it => (int)it.DayOfWeek, null), OfTime("getDayOfYear", static it => it.DayOfYear - 1, null),
        OfTime("getHours", static it => it.Hour, static it => (long)it.TotalHours),
        OfTime("getMinutes", static it => it.Minute, static it => (long)it.TotalMinutes),
        OfTime("getSeconds", static it => it.Second, static it => (long)it.TotalSeconds),
        OfTime("getMilliseconds", static it => it.Millisecond, static it => it.Milliseconds),
    ];

    private static Error NoValue(string type) => new($"the value is no {type}");

    private static Entry Function(string name, Func<CelValue, CelValue?> run) => new(name, IsMethod: false, 1, (it, budget) => Once(it[0], run, budget));

    private static Entry Method(string name, Func<CelValue, CelValue?> run) => new(name, IsMethod: true, 1, (it, budget) => Once(it[0], run, budget));

    private static CelValue? Once(CelValue value, Func<CelValue, CelValue?> run, CelBudget budget) =>
        value is not Text text || budget.Read(text.Value.Length) ? run(value) : value;

    private static Entry OfText(string name, Func<string, string> run) => new(
        name, IsMethod: true, 1, (it, budget) => it[0] is not Text text ? null : budget.Make(text.Value.Length) ? new Text(run(text.Value)) : text);

    private static Entry OfTexts(string name, Func<string, string, CelValue> run) => new(
        name, IsMethod: true, 2, (it, budget) =>
            it is not [Text text, Text other] ? null : budget.Read(text.Value.Length) ? run(text.Value, other.Value) : text);

    private static Entry OfTime(string name, Func<DateTimeOffset, int> ofTime, Func<TimeSpan, long>? ofDuration) => new(
        name, IsMethod: true, 1, (it, _) => it[0] is Timestamp time ? new Int(ofTime(time.Value))
            : it[0] is Duration duration && ofDuration is not null ? new Int(ofDuration(duration.Value)) : null);

    private static CelValue? Size(CelValue value) => value switch
    {
        Text text => new Int(text.Value.EnumerateRunes().Count()),
        Bytes bytes => new Int(bytes.Value.Count),
        List list => new Int(list.Count),
        Map map => new Int(map.Count),
        _ => null,
    };

    /// <summary>Code points from one position up to another.</summary>
    private static CelValue Part(string text, long from, long to, bool isEndAllowed, CelBudget budget)
    {
        if (!budget.Make(text.Length))
            return OutOfRange;
        var runes = text.EnumerateRunes().ToArray();
        var end = to == long.MaxValue || (isEndAllowed && to == runes.Length + 1L) ? runes.Length : to;
        return from < 0 || from > end || end > runes.Length ? OutOfRange : new Text(string.Concat(runes[(int)from..(int)end].Select(it => it.ToString())));
    }

    private static CelValue Position(string text, int at, string other, CelBudget budget) =>
        budget.Visit(1 + (text.Length / 16) + (other.Length / 16)) && at >= 0 ? new Int(text.AsSpan(0, at).ToString().EnumerateRunes().Count()) : new Int(-1);

    private static CelValue Replaced(string text, string from, string to, CelBudget budget)
    {
        if (from.Length == 0)
            return new Error("replace looks for a text that is not empty");
        var count = text.AsSpan().Count(from);
        var length = text.Length + ((long)count * to.Length);
        return budget.Make((int)Math.Min(length, int.MaxValue / 2)) ? new Text(text.Replace(from, to, StringComparison.Ordinal)) : new Text(text);
    }

    private static CelValue Split(string text, string by, CelBudget budget)
    {
        if (!budget.Make(text.Length))
            return new Text(text);
        var parts = by.Length == 0 ? text.EnumerateRunes().Select(it => it.ToString()) : text.Split(by);
        return new List(default, [.. parts.Select(it => new Text(it))]);
    }

    private static CelValue? Joined(CelValue.List list, string by, CelBudget budget)
    {
        var joined = new StringBuilder();
        foreach (var item in list.Items)
        {
            if (item is not Text text)
                return CelEvaluation.NoOverload("join", item);
            if (!budget.Make(text.Value.Length + by.Length + 1))
                return text;
            joined.Append(text.Value).Append(by);
        }

        return new Text(list.Count > 0 ? joined.ToString(0, joined.Length - by.Length) : "");
    }

    private static CelValue? Extreme(string name, CelValue of, Func<int, bool> isBetter, CelBudget budget)
    {
        if (of is not CelValue.List list)
            return null;
        CelValue? best = null;
        foreach (var item in list.Items)
        {
            if (!budget.Visit(1))
                return item;
            if (best is null)
                best = item;
            else if (CelComparison.Order(item, best) is not { } order)
                return CelEvaluation.NoOverload(name, item, best);
            else if (isBetter(order))
                best = item;
        }

        return best ?? new Error($"{name} of an empty list");
    }
}
