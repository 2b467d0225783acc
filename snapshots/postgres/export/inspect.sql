SELECT max(greatest('0001-01-01 00:00:00+00', least('9999-12-31 23:59:59.999999+00', exported_at)))
           FILTER (WHERE cluster = $3)       AS newest,
       count(*)                              AS rows,
       count(*) FILTER (WHERE cluster <> $3) AS foreign
FROM "public"."inventory_items"
WHERE inventory_namespace = $1 AND inventory_name = $2
