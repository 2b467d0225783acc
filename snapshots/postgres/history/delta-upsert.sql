WITH s AS MATERIALIZED (
    SELECT *
    FROM unnest($5::text[], $6::text[], $7::text[], $8::jsonb[])
         AS s (target_name, source_uid, resource_namespace, payload)
    WHERE (
        SELECT o.cluster = $3 AND o.resource_namespace = s.resource_namespace AND o.payload = s.payload
        FROM "public"."inventory_items" o
        WHERE o.inventory_namespace = $1 AND o.inventory_name = $2 AND o.target_name = s.target_name
          AND o.source_uid BETWEEN s.source_uid AND s.source_uid -- not =, which would make the order redundant
        ORDER BY o.source_uid -- only the identity index has it: one probe, whatever the statistics say
        LIMIT 1
    ) IS NOT TRUE
), kept AS (
    INSERT INTO "public"."inventory_items_history" (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at, valid_from, valid_to, change)
    SELECT t.inventory_namespace, t.inventory_name, t.target_name, t.source_uid, t.cluster, t.resource_namespace, t.payload, t.exported_at,
           t.exported_at, greatest(t.exported_at, $4), CASE WHEN t.cluster = $3 THEN 'updated' ELSE 'adopted' END
    FROM "public"."inventory_items" t
    WHERE t.ctid = ANY (ARRAY(
        SELECT (
            SELECT o.ctid
            FROM "public"."inventory_items" o
            WHERE o.inventory_namespace = $1 AND o.inventory_name = $2 AND o.target_name = s.target_name
              AND o.source_uid BETWEEN s.source_uid AND s.source_uid -- not =, which would make the order redundant
            ORDER BY o.source_uid -- only the identity index has it: one probe, whatever the statistics say
            LIMIT 1
        )
        FROM s
    ))
      AND (t.inventory_namespace = $1 AND t.inventory_name = $2 AND t.exported_at <> $4
           AND (t.target_name, t.source_uid) IN (SELECT target_name, source_uid FROM s)) IS TRUE
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
    FROM s
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at
        WHERE t.cluster <> excluded.cluster OR t.exported_at <= excluded.exported_at
    RETURNING xmax = 0 AS inserted -- 0: no older version of the row was locked, so it is new
)
SELECT (SELECT count(*) FROM s)         AS offered,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*)                         AS written
FROM written
