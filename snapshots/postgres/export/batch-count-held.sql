SELECT count(cluster)                        AS held,
       count(*) FILTER (WHERE cluster <> $3) AS adopted
FROM (
    SELECT (
        SELECT o.cluster
        FROM "public"."inventory_items" o
        WHERE o.inventory_namespace = $1 AND o.inventory_name = $2 AND o.target_name = s.target_name
          AND o.source_uid BETWEEN s.source_uid AND s.source_uid -- not =, which would make the order redundant
        ORDER BY o.source_uid -- only the identity index has it: one probe, whatever the statistics say
        LIMIT 1
    ) AS cluster
    FROM unnest($4::text[], $5::text[]) AS s (target_name, source_uid)
    OFFSET 0 -- evaluated once, not once for each count
) held
