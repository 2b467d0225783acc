CREATE TEMPORARY TABLE kollect_staging (
    target_name        text   NOT NULL,
    source_uid         text   NOT NULL,
    resource_namespace text   NOT NULL,
    payload            jsonb,
    item               bigint NOT NULL
) ON COMMIT DROP
