CREATE TABLE `acme-prod`.`inventory`.`items` (
  inventory_namespace STRING    NOT NULL,
  inventory_name      STRING    NOT NULL,
  target_name         STRING    NOT NULL,
  source_uid          STRING    NOT NULL,
  cluster             STRING    NOT NULL,
  resource_namespace  STRING    NOT NULL,
  payload             JSON      NOT NULL,
  exported_at         TIMESTAMP NOT NULL
)
PARTITION BY DATE(exported_at)
CLUSTER BY cluster, inventory_namespace, inventory_name, target_name;
