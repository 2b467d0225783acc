WITH written AS (
    INSERT INTO "public"."inventory_items" AS t (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
    SELECT $1, $2, s.target_name, s.source_uid, $3, s.resource_namespace, s.payload, $4
    FROM unnest($5::text[], $6::text[], $7::text[], $8::jsonb[])
         AS s (target_name, source_uid, resource_namespace, payload)
    WHERE true
      AND NOT EXISTS (
          SELECT FROM "public"."inventory_items" o
          WHERE o.inventory_namespace = $1 AND o.inventory_name = $2
            AND o.target_name = s.target_name AND o.source_uid = s.source_uid
            AND (o.cluster = $3 AND o.resource_namespace = s.resource_namespace AND o.payload = s.payload) IS TRUE
      ) -- IS TRUE keeps the payload out of the hash key: it is compared once, not hashed twice
    ORDER BY s.target_name, s.source_uid -- one order for all, so that two exporters cannot deadlock in a batch
    ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid) DO UPDATE
        SET cluster            = excluded.cluster,
            resource_namespace = excluded.resource_namespace,
            payload            = excluded.payload,
            exported_at        = excluded.exported_at
    RETURNING t.target_name, t.source_uid, xmax = 0 AS inserted
)
SELECT count(*) FILTER (WHERE w.inserted)                         AS inserted,
       count(*) FILTER (WHERE NOT w.inserted AND o.cluster = $3)  AS rewritten,
       count(*) FILTER (WHERE NOT w.inserted AND o.cluster <> $3) AS adopted
FROM written w
     LEFT JOIN "public"."inventory_items" o ON o.inventory_namespace = $1 AND o.inventory_name = $2 -- as it was before this statement
                        AND o.target_name = w.target_name AND o.source_uid = w.source_uid
WHERE NOT EXISTS (
    SELECT FROM unnest($9::text[], $10::text[]) AS before (target_name, source_uid)
    WHERE before.target_name = w.target_name AND before.source_uid = w.source_uid
)
