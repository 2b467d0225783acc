SELECT count(*) AS adopted
FROM pg_temp.kollect_staging s
     JOIN "public"."inventory_items" t ON t.inventory_namespace = $1 AND t.inventory_name = $2
                   AND t.target_name = s.target_name AND t.source_uid = s.source_uid
WHERE t.cluster <> $3 AND s.payload IS NOT NULL
