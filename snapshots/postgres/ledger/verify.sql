UPDATE "public"."kollect_exports"
SET verified_at = greatest(verified_at, $6),
    checksum    = coalesce($7, checksum),
    horizon     = coalesce($8, horizon),
    rows        = coalesce($9, rows)
WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4 AND exported_at = $5
