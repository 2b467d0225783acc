DELETE FROM "public"."inventory_items" t
WHERE t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.cluster = $3
  AND NOT EXISTS (
      SELECT FROM pg_temp.kollect_staging s
      WHERE s.target_name = t.target_name AND s.source_uid = t.source_uid
  )
