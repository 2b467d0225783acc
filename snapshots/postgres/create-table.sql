-- table "public"."inventory_items" is missing
CREATE TABLE "public"."inventory_items" (
    inventory_namespace text                     NOT NULL,
    inventory_name      text                     NOT NULL,
    target_name         text                     NOT NULL,
    source_uid          text                     NOT NULL,
    cluster             text                     NOT NULL DEFAULT '',
    resource_namespace  text                     NOT NULL DEFAULT '',
    payload             jsonb                    NOT NULL,
    exported_at         timestamp with time zone NOT NULL,
    PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid)
);
