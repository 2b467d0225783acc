WITH RECURSIVE tree AS (
    SELECT c.oid, c.relkind, 0 AS level
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2
    UNION
    SELECT i.inhrelid, tree.relkind, tree.level + 1
    FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid
), found AS (
    -- pg_trigger.h: 1 row, 2 before, 4 insert, 8 delete, 16 update, 64 instead of
    SELECT 'trigger' AS type, tree.oid, t.tgname::text AS name, t.tgtype & 1 <> 0 AS per_row, t.tgtype & 66 <> 0 AS before,
           t.tgenabled = 'A'
           OR t.tgenabled = CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END AS fires
    FROM tree JOIN pg_trigger t ON t.tgrelid = tree.oid
    WHERE NOT t.tgisinternal AND t.tgtype & 28 <> 0
      -- a partition repeats the triggers of its table
      AND (tree.level = 0 OR NOT EXISTS (
          SELECT FROM tree root JOIN pg_trigger r ON r.tgrelid = root.oid
          WHERE root.level = 0 AND r.tgname = t.tgname AND r.tgfoid = t.tgfoid))
    UNION ALL
    SELECT 'rule', tree.oid, r.rulename::text, false, true,
           r.ev_enabled = 'A'
           OR r.ev_enabled = CASE current_setting('session_replication_role') WHEN 'replica' THEN 'R' ELSE 'O' END
    FROM tree JOIN pg_rewrite r ON r.ev_class = tree.oid
    WHERE tree.level = 0 AND r.ev_type <> '1'
    UNION ALL
    SELECT 'child', tree.oid, '', false, false, true
    FROM tree
    WHERE tree.relkind = 'r' AND tree.level > 0
)
SELECT f.type, n.nspname::text AS schema, c.relname::text AS table, f.name, f.per_row, f.before, f.fires
FROM found f
     JOIN pg_class c ON c.oid = f.oid
     JOIN pg_namespace n ON n.oid = c.relnamespace
ORDER BY f.type, schema, "table", f.name
