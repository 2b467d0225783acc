SELECT count(*) AS rows
FROM "public"."inventory_items"
WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
