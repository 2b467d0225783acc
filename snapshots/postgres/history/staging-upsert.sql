WITH changed AS MATERIALIZED (
    SELECT s.target_name, s.source_uid, s.resource_namespace, s.payload,
           o.cluster AS old_cluster, o.resource_namespace AS old_resource_namespace, o.payload AS old_payload, o.exported_at AS old_exported_at
    FROM pg_temp.kollect_staging s
         LEFT JOIN "public"."inventory_items" o ON o.inventory_namespace = $1 AND o.inventory_name = $2
                            AND o.target_name = s.target_name AND o.source_uid = s.source_uid
    WHERE s.payload IS NOT NULL
      AND (o.cluster = $3 AND o.resource_namespace = s.resource_namespace AND o.payload = s.payload) IS NOT TRUE
), kept AS (
    INSERT INTO "public"."inventory_items_history" (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at, valid_from, valid_to, change)
    SELECT $1, $2, s.target_name, s.source_uid, s.old_cluster, s.old_resource_namespace, s.old_payload, s.old_exported_at,
           s.old_exported_at, greatest(s.old_exported_at, $4), CASE WHEN s.old_cluster = $3 THEN 'updated' ELSE 'adopted' END
    FROM changed s
    WHERE s.old_exported_at <> $4 -- null for a new row
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid, valid_from) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at,
            valid_to           = excluded.valid_to,
            change             = excluded.change
), written AS (
    INSERT INTO "public"."inventory_items" AS t (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
    SELECT $1, $2, s.target_name, s.source_uid, $3, s.resource_namespace, s.payload, $4
    FROM changed s
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at
    RETURNING xmax = 0 AS inserted -- 0: no older version of the row was locked, so it is new
)
SELECT count(*) FILTER (WHERE inserted)     AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS rewritten
FROM written
