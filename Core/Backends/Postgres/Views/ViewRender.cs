using System.Diagnostics;
using Kollect.Core.Sinks;
using Kollect.Core.Views;

namespace Kollect.Core.Backends.Postgres.Views;

/// <summary>A view as the SQL that an administrator reads.</summary>
internal static class ViewRender
{
    private const string Bigint = "-9223372036854775808 AND 9223372036854775807";

    /// <summary>The statements of a change, in one transaction.</summary>
    /// <param name="why">The reason of the first one.</param>
    public static Seq<Statement> Statements(ViewChange change, string why)
    {
        var desired = change.Desired;
        var comment = new Statement($"COMMENT ON VIEW {desired.View} IS {Literal(desired.Comment)};", "the comment tells Kollect that the view is its own");
        return change switch
        {
            ViewChange.Create => Seq(new Statement($"CREATE VIEW {desired.View} AS\n{Select(desired)};", why), comment),
            ViewChange.Replace => Seq(new Statement($"CREATE OR REPLACE VIEW {desired.View} AS\n{Select(desired)};", why), comment),
            ViewChange.Recreate it => Join(
                Seq(
                    new Statement($"DROP VIEW {desired.View};", why),
                    new Statement($"CREATE VIEW {desired.View} AS\n{Select(desired)};", "CREATE OR REPLACE VIEW could not do that"),
                    comment),
                it.Grants.Map(grant => Grant(desired.View, grant))),
            _ => throw new UnreachableException(),
        };
    }

    // SELECT
    //     cluster,
    //     …
    //     payload->>'name' AS resource_name,
    //     exported_at,
    //     CASE WHEN … END AS "replicas"
    // FROM "public"."inventory_items"
    // WHERE inventory_namespace = 'platform' AND target_name = 'deployments'

    /// <summary>The query of the view. No value of a payload makes it fail: each cast stands in a CASE that lets only fitting texts through.</summary>
    public static string Select(DesiredView desired) =>
        "SELECT\n"
        + string.Join(",\n", Join(
            ViewColumn.Fixed.Map(name => name == ViewColumn.ResourceName ? $"    payload->>'name' AS {name}" : $"    {name}"),
            desired.Columns.Map(column => $"    {Value(column)} AS {Identifier.Visible(column.Name)}")))
        + $"\nFROM {desired.Table}\nWHERE inventory_namespace = {Literal(desired.Of.RowNamespace)} AND target_name = {Literal(desired.Of.Target)}";

    /// <summary>As <c>format_type</c> prints it.</summary>
    public static string TypeOf(ViewType type) => type switch
    {
        ViewType.Text => "text",
        ViewType.Integer => "bigint",
        ViewType.Number => "numeric",
        ViewType.Boolean => "boolean",
        ViewType.Timestamp => "timestamp with time zone",
        ViewType.List => "text[]",
        ViewType.Object or ViewType.Json => "jsonb",
        _ => throw new UnreachableException(),
    };

    private static string Value(ViewColumn column)
    {
        var (json, text) = ($"payload->'attributes'->{Literal(column.Attribute)}", $"payload->'attributes'->>{Literal(column.Attribute)}");
        return column.Type switch
        {
            ViewType.Text => $"CASE WHEN jsonb_typeof({json}) IN ('string', 'number', 'boolean') THEN {text} END",

            // PostgreSQL evaluates only the branch that is taken (manual 4.2.14), and a column is no constant to be folded.
            ViewType.Integer =>
                $"CASE WHEN {text} ~ '{Patterns.Whole}' THEN CASE WHEN ({text})::numeric BETWEEN {Bigint} THEN ({text})::numeric::bigint END END",
            ViewType.Number =>
                $"CASE WHEN jsonb_typeof({json}) = 'number' THEN ({json})::numeric WHEN {text} ~ '{Patterns.Number}' THEN ({text})::numeric END",
            ViewType.Boolean => $"CASE lower({text}) WHEN 'true' THEN true WHEN 'false' THEN false END",
            ViewType.Timestamp => $"CASE WHEN {text} ~ '{Patterns.Timestamp}' THEN ({text})::timestamptz END",
            ViewType.List => $"CASE WHEN jsonb_typeof({json}) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text({json})) END",
            ViewType.Object => $"CASE WHEN jsonb_typeof({json}) = 'object' THEN {json} END",
            ViewType.Json => $"nullif({json}, 'null'::jsonb)",
            _ => throw new UnreachableException(),
        };
    }

    private static Statement Grant(TableName view, ViewGrant grant) => new(
        $"GRANT {grant.Privilege.TrimEnd('*')} ON {view} TO {(grant.Grantee.Length == 0 ? "PUBLIC" : Identifier.Visible(grant.Grantee))}"
        + (grant.Privilege.EndsWith('*') ? " WITH GRANT OPTION;" : ";"),
        "a privilege that the dropped view had");

    /// <summary>A constant of type text, which no setting of the server changes (manual 4.1.2.2).</summary>
    internal static string Literal(string text)
    {
        var quoted = text.Replace("'", "''", StringComparison.Ordinal);
        return quoted.Contains('\\') ? $"E'{quoted.Replace("\\", "\\\\", StringComparison.Ordinal)}'" : $"'{quoted}'";
    }
}
