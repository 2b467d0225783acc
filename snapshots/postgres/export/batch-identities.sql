SELECT target_name, source_uid
FROM "public"."inventory_items"
WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
  AND (target_name, source_uid) > ($4, $5)
ORDER BY target_name, source_uid
LIMIT $6
