WITH o AS MATERIALIZED (
    SELECT inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at
    FROM "public"."inventory_items"
    WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3 AND exported_at < $4
    LIMIT 1 -- any row will do
), kept AS (
    INSERT INTO "public"."inventory_items_history" (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at, valid_from, valid_to, change)
    SELECT inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at,
           exported_at, greatest(exported_at, $4), CASE WHEN cluster = $3 THEN 'updated' ELSE 'adopted' END
    FROM o
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid, valid_from) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at,
            valid_to           = excluded.valid_to,
            change             = excluded.change
)
UPDATE "public"."inventory_items" t
SET exported_at = $4
FROM o
WHERE t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.cluster = $3 AND t.exported_at < $4
  AND t.target_name = o.target_name AND t.source_uid = o.source_uid
