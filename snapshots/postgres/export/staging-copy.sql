COPY pg_temp.kollect_staging (target_name, source_uid, resource_namespace, payload, item) FROM STDIN (FORMAT binary)
