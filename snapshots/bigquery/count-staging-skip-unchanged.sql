WITH
  s AS (
    SELECT target_name, source_uid, resource_namespace, payload, position = @last AS keeps_time
    FROM `acme-prod`.`scratch`.`kollect_staging_1f`
    WHERE TRUE
    QUALIFY ROW_NUMBER() OVER (PARTITION BY target_name, source_uid ORDER BY payload IS NULL, position DESC) = 1
  ),
  t AS (
    SELECT target_name, source_uid, resource_namespace, payload, exported_at
    FROM `acme-prod`.`inventory`.`items`
    WHERE inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster
  )
SELECT
  COUNTIF(t.source_uid IS NULL AND s.payload IS NOT NULL) AS inserted,
  COUNTIF(t.source_uid IS NOT NULL AND s.payload IS NOT NULL
    AND (t.resource_namespace != s.resource_namespace
      OR TO_JSON_STRING(t.payload) != TO_JSON_STRING(PARSE_JSON(s.payload, wide_number_mode=>'round')))) AS updated,
  COUNTIF(s.source_uid IS NULL AND @delete_stale) AS deleted,
  (SELECT MAX(exported_at) FROM t) AS newest
FROM t
FULL JOIN s
  ON t.target_name = s.target_name
  AND t.source_uid = s.source_uid;
