DELETE FROM "public"."inventory_items" t
WHERE inventory_namespace = $1 AND inventory_name = $2 AND cluster = $3
  AND xmin::text::bigint <> txid_current() & 4294967295
