MERGE `acme-prod`.`inventory`.`items` AS t
USING (
  SELECT
    r.target_name,
    r.source_uid,
    r.resource_namespace,
    PARSE_JSON(r.payload, wide_number_mode=>'round') AS payload,
    r.payload IS NULL AS removed
  FROM (
    SELECT target AS target_name, uid AS source_uid, namespace AS resource_namespace, payload
    FROM UNNEST(@rows)
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
WHEN MATCHED AND NOT s.removed THEN
  UPDATE SET resource_namespace = s.resource_namespace, payload = s.payload, exported_at = @exported_at
WHEN MATCHED AND s.removed THEN
  DELETE
WHEN NOT MATCHED BY TARGET AND NOT s.removed THEN
  INSERT (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at)
  VALUES (@inventory_namespace, @inventory_name, s.target_name, s.source_uid, @cluster, s.resource_namespace, s.payload, @exported_at);
