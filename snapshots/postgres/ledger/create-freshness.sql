CREATE VIEW "public"."kollect_freshness" AS
SELECT DISTINCT ON (table_name, inventory_namespace, inventory_name, cluster)
       table_name, inventory_namespace, inventory_name, cluster,
       exported_at,
       greatest(exported_at, verified_at)         AS verified_at,
       now() - greatest(exported_at, verified_at) AS age,
       items,
       complete,
       exporter
FROM "public"."kollect_exports"
WHERE refusal IS NULL
ORDER BY table_name DESC, inventory_namespace DESC, inventory_name DESC, cluster DESC,
         exported_at DESC;
