WITH gone AS (
    DELETE FROM "public"."inventory_items" t
    WHERE t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.cluster = $3
      AND NOT EXISTS (
          SELECT FROM pg_temp.kollect_staging s
          WHERE s.target_name = t.target_name AND s.source_uid = t.source_uid
      )
    RETURNING t.inventory_namespace, t.inventory_name, t.target_name, t.source_uid, t.cluster, t.resource_namespace, t.payload, t.exported_at
), kept AS (
    INSERT INTO "public"."inventory_items_history" (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at, valid_from, valid_to, change)
    SELECT inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at,
           exported_at, greatest(exported_at, $4), 'deleted'
    FROM gone
    WHERE exported_at <> $4
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid, valid_from) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at,
            valid_to           = excluded.valid_to,
            change             = excluded.change
)
SELECT count(*) AS deleted FROM gone
