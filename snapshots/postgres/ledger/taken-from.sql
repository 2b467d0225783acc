WITH live AS (
    SELECT DISTINCT ON (cluster) cluster, verified_at, CASE WHEN rows < 0 THEN items - rejected ELSE rows END AS rows
    FROM "public"."kollect_exports"
    WHERE table_name = $1 AND inventory_namespace = $2 AND inventory_name = $3 AND cluster <> $4 AND refusal IS NULL
    ORDER BY cluster DESC, exported_at DESC
), held AS (
    SELECT cluster, count(*) AS rows
    FROM "public"."inventory_items"
    WHERE inventory_namespace = $2 AND inventory_name = $3 AND cluster <> $4
    GROUP BY cluster
)
SELECT l.cluster, l.rows - coalesce(h.rows, 0) AS rows, greatest('0001-01-01 00:00:00+00', least('9999-12-31 23:59:59.999999+00', l.verified_at)) AS verified_at
FROM live l
     LEFT JOIN held h ON h.cluster = l.cluster
WHERE l.verified_at >= $5::timestamptz - interval '1 day' AND l.rows > coalesce(h.rows, 0)
ORDER BY l.cluster
