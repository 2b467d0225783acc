-- table "public"."inventory_items_history", the history of "public"."inventory_items", is missing (options.history)
CREATE TABLE "public"."inventory_items_history" (
    inventory_namespace text                     NOT NULL,
    inventory_name      text                     NOT NULL,
    target_name         text                     NOT NULL,
    source_uid          text                     NOT NULL,
    cluster             text                     NOT NULL,
    resource_namespace  text                     NOT NULL,
    payload             jsonb                    NOT NULL,
    exported_at         timestamp with time zone NOT NULL,
    valid_from          timestamp with time zone NOT NULL,
    valid_to            timestamp with time zone NOT NULL,
    change              text                     NOT NULL,
    PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid, valid_from)
);
-- old versions in "public"."inventory_items_history" are found by the time at which they ended
CREATE INDEX ON "public"."inventory_items_history" (valid_to);
-- view "public"."inventory_items_timeline", the history together with the present rows, is missing
CREATE VIEW "public"."inventory_items_timeline" AS
    SELECT inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at, valid_from, valid_to, change
    FROM "public"."inventory_items_history"
    UNION ALL
    SELECT inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at, exported_at, NULL, NULL
    FROM "public"."inventory_items";
