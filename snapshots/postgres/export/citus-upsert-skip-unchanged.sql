WITH held AS MATERIALIZED ( -- one table and no join: every node reads its part, the coordinator compares
    SELECT target_name, source_uid, cluster, resource_namespace, payload
    FROM "public"."inventory_items"
    WHERE inventory_namespace = $1 AND inventory_name = $2 AND source_uid = ANY ($6::text[])
), written AS (
    INSERT INTO "public"."inventory_items" AS t (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
    SELECT $1, $2, s.target_name, s.source_uid, $3, s.resource_namespace, s.payload, $4
    FROM unnest($5::text[], $6::text[], $7::text[], $8::jsonb[])
         AS s (target_name, source_uid, resource_namespace, payload)
    WHERE NOT EXISTS (
        SELECT FROM held o
        WHERE o.target_name = s.target_name AND o.source_uid = s.source_uid
          AND (o.cluster = $3 AND o.resource_namespace = s.resource_namespace AND o.payload = s.payload) IS TRUE
    )
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at
    RETURNING NULL::bool AS inserted -- no xmax can be returned here
)
SELECT count(*) FILTER (WHERE inserted) AS inserted,
       count(*)                         AS written
FROM written
