DELETE FROM "public"."inventory_items" t
USING unnest($4::text[], $5::text[]) AS stale (target_name, source_uid)
WHERE t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.cluster = $3
  AND t.target_name = stale.target_name AND t.source_uid = stale.source_uid
