WITH gone AS (
    DELETE FROM "public"."inventory_items" t
    WHERE ctid = ANY (ARRAY(
        SELECT (
            SELECT o.ctid
            FROM "public"."inventory_items" o
            WHERE o.inventory_namespace = $1 AND o.inventory_name = $2 AND o.target_name = s.target_name
              AND o.source_uid BETWEEN s.source_uid AND s.source_uid -- not =, which would make the order redundant
            ORDER BY o.source_uid -- only the identity index has it: one probe, whatever the statistics say
            LIMIT 1
        )
        FROM unnest($4::text[], $5::text[]) AS s (target_name, source_uid)
    ))
      AND (inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
           AND (target_name, source_uid) IN (SELECT * FROM unnest($4::text[], $5::text[]))) IS TRUE
    RETURNING t.inventory_namespace, t.inventory_name, t.target_name, t.source_uid, t.cluster, t.resource_namespace, t.payload, t.exported_at
), kept AS (
    INSERT INTO "public"."inventory_items_history" (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at, valid_from, valid_to, change)
    SELECT inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at,
           exported_at, greatest(exported_at, $6), 'deleted'
    FROM gone
    WHERE exported_at <> $6
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid, valid_from) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at,
            valid_to           = excluded.valid_to,
            change             = excluded.change
)
SELECT count(*) AS deleted FROM gone
