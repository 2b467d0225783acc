SELECT table_name, inventory_namespace, inventory_name, cluster
FROM (
    (SELECT table_name, inventory_namespace, inventory_name, cluster, 1 AS turn FROM "public"."kollect_exports" WHERE (table_name, inventory_namespace, inventory_name, cluster) > ($1, $2, $3, $4) ORDER BY table_name, inventory_namespace, inventory_name, cluster LIMIT 1)
    UNION ALL
    (SELECT table_name, inventory_namespace, inventory_name, cluster, 2 AS turn FROM "public"."kollect_exports" ORDER BY table_name, inventory_namespace, inventory_name, cluster LIMIT 1)
) n
ORDER BY turn
LIMIT 1
