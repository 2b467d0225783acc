WITH written AS (
    INSERT INTO "public"."inventory_items" AS t (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
    SELECT $1, $2, s.target_name, s.source_uid, $3, s.resource_namespace, s.payload, $4
    FROM pg_temp.kollect_staging s
    WHERE s.payload IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM "public"."inventory_items" o
          WHERE o.inventory_namespace = $1 AND o.inventory_name = $2
            AND o.target_name = s.target_name AND o.source_uid = s.source_uid
            AND (o.cluster = $3 AND o.resource_namespace = s.resource_namespace AND o.payload = s.payload) IS TRUE
      ) -- IS TRUE keeps the payload out of the hash key: it is compared once, not hashed twice
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at
    RETURNING target_name, source_uid
)
SELECT count(*) FILTER (WHERE o.cluster IS NULL) AS inserted,
       count(o.cluster)                          AS rewritten
FROM written w
     LEFT JOIN "public"."inventory_items" o ON o.inventory_namespace = $1 AND o.inventory_name = $2 -- as it was before this statement
                        AND o.target_name = w.target_name AND o.source_uid = w.source_uid
