using System.Diagnostics;
using System.Text.Json.Nodes;
using Kollect.Core.Formatting;
using Kollect.Core.Sinks;
using Kollect.Core.Views;

namespace Kollect.Core.Backends.BigQuery.Views;

/// <summary>A view as the DDL that an administrator reads, and as the body of <c>tables.insert</c> and <c>tables.patch</c>.</summary>
internal static class ViewRender
{
    // CREATE OR REPLACE VIEW `acme-prod`.`inventory`.`items_platform_deployments`
    // OPTIONS (description = '…', labels = [('kollect_view', '…'), …]) AS
    // SELECT …

    /// <summary>Runs as it is in the console or with <c>bq query</c>.</summary>
    public static Statement Statement(DesiredView desired, bool replaces, string why) => new(
        $"CREATE {(replaces ? "OR REPLACE " : "")}VIEW {desired.View}\nOPTIONS (\n  description = {Literal(desired.Description)},\n"
        + $"  labels = [{string.Join(", ", desired.Labels.Map(label => $"({Literal(label.Key)}, {Literal(label.Value)})"))}]\n) AS\n{Select(desired)};",
        why);

    /// <summary>The same view as the REST API wants it (Table resource, v2).</summary>
    public static string Resource(DesiredView desired) => JsonText.Of(new JsonObject
    {
        ["tableReference"] = new JsonObject
        {
            ["projectId"] = desired.View.Project,
            ["datasetId"] = desired.View.Dataset,
            ["tableId"] = desired.View.Table,
        },
        ["description"] = desired.Description,
        ["labels"] = new JsonObject(desired.Labels.AsEnumerable().Select(label => KeyValuePair.Create(label.Key, (JsonNode?)JsonValue.Create(label.Value)))),
        ["view"] = new JsonObject { ["query"] = Select(desired), ["useLegacySql"] = false },
    });

    /// <summary>The query of the view. No value of a payload makes it fail: every cast is a SAFE_CAST.</summary>
    public static string Select(DesiredView desired) =>
        "SELECT\n"
        + string.Join(",\n", Join(
            ViewColumn.Fixed.Map(name => name == ViewColumn.ResourceName ? $"  JSON_VALUE(payload['name']) AS {name}" : $"  {name}"),
            desired.Columns.Map(column => $"  {Value(column)} AS {Identifier.Quote(column.Name)}")))
        + $"\nFROM {desired.Table}\nWHERE inventory_namespace = {Literal(desired.Of.RowNamespace)} AND target_name = {Literal(desired.Of.Target)}";

    private static string Value(ViewColumn column)
    {
        var json = $"payload['attributes'][{Literal(column.Attribute)}]";
        var text = $"JSON_VALUE({json})";
        return column.Type switch
        {
            ViewType.Text => text,
            ViewType.Integer => $"IF(REGEXP_CONTAINS({text}, r'{Patterns.Whole}'), SAFE_CAST(REGEXP_REPLACE({text}, r'[.]0+$', '') AS INT64), NULL)",
            ViewType.Number => $"IF(REGEXP_CONTAINS({text}, r'{Patterns.Number}'), SAFE_CAST({text} AS FLOAT64), NULL)",
            ViewType.Boolean => $"CASE LOWER({text}) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END",

            // A TIMESTAMP has microseconds, and a text with more digits is none.
            ViewType.Timestamp => $"IF(REGEXP_CONTAINS({text}, r'{Patterns.TimestampOfAnyYear}'), "
                + $"SAFE_CAST(REGEXP_REPLACE({text}, r'([.][0-9]{{6}})[0-9]+', r'\\1') AS TIMESTAMP), NULL)",

            // An array holds no NULL.
            ViewType.List => "ARRAY(SELECT IF(JSON_TYPE(item) IN ('object', 'array'), TO_JSON_STRING(item), JSON_VALUE(item)) "
                + $"FROM UNNEST(JSON_QUERY_ARRAY({json})) AS item WITH OFFSET AS place WHERE JSON_TYPE(item) != 'null' ORDER BY place)",
            ViewType.Object => $"IF(JSON_TYPE({json}) = 'object', {json}, NULL)",
            ViewType.Json => $"IF(JSON_TYPE({json}) = 'null', NULL, {json})",
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>A string literal (GoogleSQL, "Lexical structure and syntax").</summary>
    private static string Literal(string text) =>
        "'" + string.Concat(text.EnumerateRunes().Select(rune => rune.Value switch
        {
            '\\' or '\'' => $"\\{rune}",
            _ when Shown.IsHidden(rune) => rune.IsBmp
                ? FormattableString.Invariant($"\\u{rune.Value:x4}")
                : FormattableString.Invariant($"\\U{rune.Value:x8}"),
            _ => rune.ToString(),
        })) + "'";
}
