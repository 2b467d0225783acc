WITH overruled AS (
    DELETE FROM pg_temp.kollect_staging a
    USING pg_temp.kollect_staging b
    WHERE a.target_name = b.target_name AND a.source_uid = b.source_uid
      AND b.payload IS NOT NULL
      AND (a.item < b.item OR a.payload IS NULL)
    RETURNING a.payload
)
SELECT count(payload) AS duplicates FROM overruled
