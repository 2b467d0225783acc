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
