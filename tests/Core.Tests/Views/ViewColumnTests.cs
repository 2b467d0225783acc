using System.Text;
using Kollect.Core.Backends.BigQuery;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Views;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Tests.Views;

/// <summary>Names of columns, whatever the attributes are called.</summary>
public sealed class ViewColumnTests
{
    [Property]
    public void Columns_of_every_backend_are_different_and_fit(string[] names) =>
        AreDifferentAndFit(toSeq(names.Where(it => it is not null).Distinct().ToArray()));

    [Fact]
    public void So_are_those_of_hostile_names() => AreDifferentAndFit(toSeq(HostileNames.All));

    [Fact]
    public void A_name_depends_neither_on_the_order_nor_on_the_other_attributes()
    {
        var all = Postgres(toSeq(HostileNames.All));
        var reversed = Postgres(toSeq(HostileNames.All.Reverse().ToArray()));
        Assert.Equal(all.OrderBy(it => it.Name, StringComparer.Ordinal), reversed.OrderBy(it => it.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void Targets_of_one_table_have_different_views()
    {
        var names = new[]
            {
                ("a", "b.c"), ("a.b", "c"), ("_cluster", "a"), ("a", "a"), ("a-b", "c"),
                (new string('n', 63), new string('t', 63)), (new string('n', 63), new string('t', 62)),
            }
            .Select(it => new TargetView(it.Item1, it.Item2, Empty))
            .Select(it => new Kollect.Core.Backends.Postgres.Views.DesiredView(it, new TableName("public", "t"), KollectDatabaseSinkMode.Ensure).View.Name)
            .ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 63));
    }

    private static void AreDifferentAndFit(Seq<string> names)
    {
        var distinct = toSeq(names.Map(name => string.Concat(name.Replace('\0', '\ufffd').EnumerateRunes())).Distinct());
        Check(Postgres(distinct), StringComparer.Ordinal, name => Encoding.UTF8.GetByteCount(name) <= 63 && !name.Contains('\0'));
        Check(
            new Kollect.Core.Backends.BigQuery.Views.DesiredView(View(distinct), new TableId("p", "d", "t"), KollectDatabaseSinkMode.Ensure).Columns,
            StringComparer.OrdinalIgnoreCase,
            name => name.Length is > 0 and <= 300 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        Check(
            new Kollect.Core.Backends.MongoDb.Views.DesiredView(
                View(distinct), new Kollect.Core.Backends.MongoDb.Namespace("d", "t"), KollectDatabaseSinkMode.Ensure).Columns,
            StringComparer.Ordinal,
            name => name.Length > 0 && name.AsSpan().IndexOfAny('.', '$', '\0') < 0 && name != "_id");

        void Check(Seq<ViewColumn> columns, StringComparer comparer, Func<string, bool> fits)
        {
            Assert.Equal(distinct, columns.Map(it => it.Attribute));
            Assert.Empty(columns.Filter(it => !fits(it.Name)));
            Assert.Equal(columns.Count + ViewColumn.Fixed.Count, columns.Map(it => it.Name).Concat(ViewColumn.Fixed).Distinct(comparer).Count());
        }
    }

    private static TargetView View(Seq<string> names) => new("platform", "deployments", names.Map(name => new ViewAttribute(name, ViewType.Text)).Strict());

    private static Seq<ViewColumn> Postgres(Seq<string> names) =>
        new Kollect.Core.Backends.Postgres.Views.DesiredView(View(names), new TableName("public", "t"), KollectDatabaseSinkMode.Ensure).Columns;
}
