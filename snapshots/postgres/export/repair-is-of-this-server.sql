SELECT ((xmin::text::bigint - $6) & 4294967295) < 2147483648 AS genuine
FROM "public"."kollect_exports"
WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4 AND exported_at = $5
