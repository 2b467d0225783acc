WITH
  s AS (
    SELECT target AS target_name, uid AS source_uid, namespace AS resource_namespace, payload, position = 0 AS keeps_time
    FROM UNNEST(@rows) WITH OFFSET AS position
  ),
  t AS (
    SELECT target_name, source_uid, resource_namespace, payload, exported_at
    FROM `acme-prod`.`inventory`.`items`
    WHERE inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster
  )
SELECT
  COUNTIF(t.source_uid IS NULL AND s.payload IS NOT NULL) AS inserted,
  COUNTIF(t.source_uid IS NOT NULL AND s.payload IS NOT NULL) AS updated,
  COUNTIF(s.source_uid IS NULL AND @delete_stale) AS deleted,
  (SELECT MAX(exported_at) FROM t) AS newest
FROM t
FULL JOIN s
  ON t.target_name = s.target_name
  AND t.source_uid = s.source_uid;
