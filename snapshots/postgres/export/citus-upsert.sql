WITH written AS (
    INSERT INTO "public"."inventory_items" AS t (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
    SELECT $1, $2, s.target_name, s.source_uid, $3, s.resource_namespace, s.payload, $4
    FROM unnest($5::text[], $6::text[], $7::text[], $8::jsonb[])
         AS s (target_name, source_uid, resource_namespace, payload)
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
