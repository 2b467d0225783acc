SELECT max(exported_at) FILTER (WHERE cluster = $3) AS newest,
       count(*)                                     AS rows,
       count(*) FILTER (WHERE cluster <> $3)        AS foreign
FROM "public"."inventory_items"
WHERE inventory_namespace = $1 AND inventory_name = $2
