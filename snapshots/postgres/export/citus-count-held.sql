WITH held AS MATERIALIZED ( -- one table and no join: every node reads its part, the coordinator compares
    SELECT target_name, source_uid, cluster
    FROM "public"."inventory_items"
    WHERE inventory_namespace = $1 AND inventory_name = $2 AND source_uid = ANY ($5::text[])
)
SELECT count(*)                              AS held,
       count(*) FILTER (WHERE cluster <> $3) AS adopted
FROM unnest($4::text[], $5::text[]) AS s (target_name, source_uid)
     JOIN held USING (target_name, source_uid)
