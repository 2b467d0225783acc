SELECT count(*) AS altered
FROM pg_temp.kollect_staging s
WHERE s.payload IS NOT NULL
  AND NOT EXISTS (
      SELECT FROM "public"."inventory_items" t
      WHERE t.inventory_namespace = $1 AND t.inventory_name = $2
        AND t.target_name = s.target_name AND t.source_uid = s.source_uid
        AND (t.cluster = $3 AND t.resource_namespace = s.resource_namespace AND t.payload = s.payload) IS TRUE
        AND t.exported_at = $4
  )
