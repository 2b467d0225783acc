MERGE `acme-prod`.`inventory`.`items` AS t
USING (
  SELECT
    r.target_name,
    r.source_uid,
    r.resource_namespace,
    PARSE_JSON(r.payload, wide_number_mode=>'round') AS payload,
    r.payload IS NULL AS removed,
    r.keeps_time
  FROM (
    SELECT target AS target_name, uid AS source_uid, namespace AS resource_namespace, payload, FALSE AS keeps_time
    FROM UNNEST(@rows)
    UNION ALL
    (
      SELECT o.target_name, o.source_uid, o.resource_namespace, CAST(NULL AS STRING), TRUE
      FROM `acme-prod`.`inventory`.`items` AS o
      LEFT JOIN UNNEST(@rows) AS gone
        ON gone.target = o.target_name
        AND gone.uid = o.source_uid
      WHERE inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster
        AND gone.uid IS NULL
      ORDER BY o.exported_at DESC, o.target_name, o.source_uid
      LIMIT 1
    )
  ) AS r
  CROSS JOIN (
    SELECT MAX(exported_at) AS newest
    FROM `acme-prod`.`inventory`.`items`
    WHERE inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster
  ) AS held
  WHERE held.newest = @basis -- otherwise the table holds another snapshot: the source is empty
) AS s
ON t.inventory_namespace = @inventory_namespace
  AND t.inventory_name = @inventory_name
  AND t.cluster = @cluster -- prunes: the table is clustered by it
  AND t.target_name = s.target_name
  AND t.source_uid = s.source_uid
WHEN MATCHED AND s.keeps_time THEN
  UPDATE SET exported_at = @exported_at
WHEN MATCHED AND s.removed THEN
  DELETE;
