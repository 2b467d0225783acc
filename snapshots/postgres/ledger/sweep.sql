DELETE FROM "public"."kollect_exports"
WHERE ctid = ANY (ARRAY(
    SELECT ctid
    FROM "public"."kollect_exports"
    WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4
      AND exported_at < now() - make_interval(secs => $5)
      AND (refusal IS NOT NULL
           OR exported_at < (SELECT max(exported_at) FROM "public"."kollect_exports" WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4 AND refusal IS NULL)
           OR rows = 0 AND verified_at < now() - make_interval(secs => $5))
    ORDER BY exported_at
    LIMIT $6
    FOR UPDATE SKIP LOCKED
))
