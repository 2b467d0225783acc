DELETE FROM "public"."inventory_items_history"
WHERE ctid = ANY (ARRAY(
    SELECT ctid
    FROM "public"."inventory_items_history"
    WHERE valid_to < now() - make_interval(secs => $1)
    ORDER BY valid_to
    LIMIT $2
    FOR UPDATE SKIP LOCKED
))
