DELETE FROM "public"."inventory_items"
WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
  AND target_name = $4 AND source_uid = ANY ($5::text[])
