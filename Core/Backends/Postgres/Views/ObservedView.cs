namespace Kollect.Core.Backends.Postgres.Views;

/// <summary>The relation of the view's name, as the catalog reports it.</summary>
/// <param name="Kind"><c>pg_class.relkind</c>: <c>v</c> = a view.</param>
/// <param name="IsOwner">The role may replace it.</param>
/// <param name="Comment">Empty = it has none.</param>
/// <param name="Columns">In their order, with the types as <c>format_type</c> prints them.</param>
/// <param name="Dependents">What would have to be dropped with it.</param>
/// <param name="Grants">Those of other roles than its owner.</param>
internal sealed record ObservedView(
    string Kind, bool IsOwner, string Comment, Seq<(string Name, string Type)> Columns, Seq<string> Dependents, Seq<ViewGrant> Grants)
{
    /// <summary>Reads an <see cref="ObservedView"/>. $1 = schema, $2 = name; no row = there is no such relation.</summary>
    /// <remarks>A view depends on another one through its rule (PostgreSQL manual, <c>pg_depend</c>, <c>pg_rewrite</c>).</remarks>
    public const string Query =
        """
        SELECT c.relkind::text, pg_has_role(c.relowner, 'USAGE'), coalesce(obj_description(c.oid, 'pg_class'), ''),
               ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
               ARRAY(SELECT format_type(a.atttypid, a.atttypmod)
                     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum),
               ARRAY(SELECT DISTINCT coalesce(r.ev_class::regclass::text, pg_describe_object(d.classid, d.objid, d.objsubid))
                     FROM pg_depend d LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
                     WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'n' AND (r.oid IS NULL OR r.ev_class <> c.oid)
                     ORDER BY 1),
               ARRAY(SELECT CASE WHEN x.grantee = 0 THEN '' ELSE pg_get_userbyid(x.grantee)::text END
                     FROM aclexplode(c.relacl) x WHERE x.grantee <> c.relowner ORDER BY x.grantee, x.privilege_type),
               ARRAY(SELECT x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END
                     FROM aclexplode(c.relacl) x WHERE x.grantee <> c.relowner ORDER BY x.grantee, x.privilege_type)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = $1 AND c.relname = $2
        """;

    /// <summary>Dropping it would lose nothing that others made.</summary>
    public bool IsFree => Dependents.IsEmpty;
}

/// <summary>A privilege on a view.</summary>
/// <param name="Grantee">Unquoted; empty = PUBLIC.</param>
/// <param name="Privilege"><c>SELECT</c>; with an asterisk at the end it may be granted on.</param>
internal sealed record ViewGrant(string Grantee, string Privilege);
