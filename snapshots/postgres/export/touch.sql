UPDATE "public"."inventory_items"
SET exported_at = $4
WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3 AND exported_at < $4
  AND (target_name, source_uid) = (
      SELECT target_name, source_uid
      FROM "public"."inventory_items"
      WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
      LIMIT 1 -- any row will do
  )
