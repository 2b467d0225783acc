SELECT COUNT(*) AS items, MAX(exported_at) AS newest
FROM `acme-prod`.`inventory`.`items`
WHERE inventory_namespace = @inventory_namespace AND inventory_name = @inventory_name AND cluster = @cluster;
