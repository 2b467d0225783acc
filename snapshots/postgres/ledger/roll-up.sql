WITH old AS (
    SELECT e.*, max(exported_at) OVER (PARTITION BY floor(extract(epoch FROM exported_at) / 3600)) AS last
    FROM (
        SELECT exported_at, inserted, updated, deleted, adopted, duration_ms
        FROM "public"."kollect_exports"
        WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4 AND refusal IS NULL AND exporter = $6
          AND exported_at < $5::timestamptz - interval '1 hour' AND exported_at >= $5::timestamptz - interval '1 day'
        FOR UPDATE SKIP LOCKED
    ) e
), gone AS (
    DELETE FROM "public"."kollect_exports" l
    USING old o
    WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4 AND l.exported_at = o.exported_at AND o.exported_at < o.last
)
UPDATE "public"."kollect_exports" l
SET inserted = s.inserted,
    updated = s.updated,
    deleted = s.deleted,
    adopted = s.adopted,
    duration_ms = s.duration_ms
FROM (
    SELECT last, sum(inserted) AS inserted, sum(updated) AS updated, sum(deleted) AS deleted, sum(adopted) AS adopted, sum(duration_ms) AS duration_ms
    FROM old
    GROUP BY last
    HAVING count(*) > 1
) s
WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster = $4 AND l.exported_at = s.last
