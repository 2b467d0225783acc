ANALYZE pg_temp.kollect_staging (target_name, source_uid)
