COPY "public"."inventory_items" (inventory_namespace, inventory_name, target_name, source_uid, cluster, resource_namespace, payload, exported_at) FROM STDIN (FORMAT binary)
