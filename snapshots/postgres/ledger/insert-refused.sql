INSERT INTO "public"."kollect_exports" AS e (table_name, inventory_namespace, inventory_name, cluster, exported_at, checksum, items, complete, inserted, updated, deleted, adopted, rejected, duration_ms, exporter, refusal, verified_at, xid, horizon, rows)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, $9, $10, $11, $12, NULL, 0, 0, 0)
ON CONFLICT (table_name, inventory_namespace, inventory_name, cluster, exported_at) DO UPDATE
    SET checksum    = excluded.checksum,
        items       = excluded.items,
        complete    = excluded.complete,
        inserted    = excluded.inserted,
        updated     = excluded.updated,
        deleted     = excluded.deleted,
        adopted     = excluded.adopted,
        rejected    = excluded.rejected,
        duration_ms = excluded.duration_ms,
        exporter    = excluded.exporter,
        refusal     = excluded.refusal,
        verified_at = excluded.verified_at,
        xid         = excluded.xid,
        horizon     = excluded.horizon,
        rows        = excluded.rows
WHERE e.refusal IS NOT NULL
