SELECT count(*) AS altered
FROM unnest($5::text[], $6::text[], $7::text[], $8::jsonb[])
     AS s (target_name, source_uid, resource_namespace, payload)
WHERE NOT EXISTS (
      SELECT FROM "public"."inventory_items" t
      WHERE t.inventory_namespace = $1 AND t.inventory_name = $2
        AND t.target_name = s.target_name AND t.source_uid = s.source_uid
        AND (t.cluster = $3 AND t.resource_namespace = s.resource_namespace AND t.payload = s.payload) IS TRUE
        AND t.exported_at <= $4
  )
