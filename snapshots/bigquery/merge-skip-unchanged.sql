MERGE `acme-prod`.`inventory`.`items` AS t
USING (
  SELECT
    r.target_name,
    r.source_uid,
    r.resource_namespace,
    PARSE_JSON(r.payload, wide_number_mode=>'round') AS payload,
    r.payload IS NULL AS kept,
    r.keeps_time, -- one row always carries the snapshot's time
    r.fresh
  FROM (
    SELECT *, TRUE AS fresh
    FROM (
      SELECT target AS target_name, uid AS source_uid, namespace AS resource_namespace, payload, position = 0 AS keeps_time
      FROM UNNEST(@rows) WITH OFFSET AS position
    )
    UNION ALL
    -- The table holds a newer snapshot of this scope: match every row and touch none.
    SELECT target_name, source_uid, resource_namespace, CAST(NULL AS STRING), FALSE, FALSE
    FROM `acme-prod`.`inventory`.`items`
    WHERE inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster
  ) AS r
  JOIN (
    SELECT COALESCE(MAX(exported_at) <= @exported_at, TRUE) AS fresh
    FROM `acme-prod`.`inventory`.`items`
    WHERE inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster
  ) AS held
    ON r.fresh = held.fresh
) AS s
ON t.inventory_namespace = @inventory_namespace
  AND t.inventory_name = @inventory_name
  AND t.cluster = @cluster -- prunes: the table is clustered by it
  AND t.target_name = s.target_name
  AND t.source_uid = s.source_uid
WHEN MATCHED AND s.fresh AND NOT s.kept AND (
  s.keeps_time
  OR t.resource_namespace != s.resource_namespace
  OR TO_JSON_STRING(t.payload) != TO_JSON_STRING(s.payload)
) THEN
  UPDATE SET resource_namespace = s.resource_namespace, payload = s.payload, exported_at = @exported_at
WHEN NOT MATCHED BY TARGET AND s.fresh AND NOT s.kept THEN
  INSERT (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
  VALUES (@inventory_namespace, @inventory_name, s.target_name, s.source_uid, @cluster, s.resource_namespace, s.payload, @exported_at)
WHEN NOT MATCHED BY SOURCE
  AND t.inventory_namespace = @inventory_namespace
  AND t.inventory_name = @inventory_name
  AND t.cluster = @cluster
  AND @delete_stale THEN -- false: an item without identity may stand for any row
  DELETE;
