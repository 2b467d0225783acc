-- attribute "nul�nul" is column "nul_nul"
-- attribute "" is column "_"
-- attribute "half�" is column "half_"
-- attribute "source_uid" is column "source_uid_b8f04f97"
-- attribute "exported_at" is column "exported_at_795083a7"
-- attribute "resource_name" is column "resource_name_64c223b2"
-- attribute "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" is column "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_7ce10097"
-- attribute "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy" is column "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_96a61e9b"
-- attribute "éééééééééééééééééééééééééééééééééééééééé" is column "ééééééééééééééééééééééééééé_84fe2e03"
-- attribute "éééééééééééééééééééééééééééééééééééééééé!" is column "ééééééééééééééééééééééééééé_adfd2770"
-- attribute "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz…" is column "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz_e939f461"
-- view "public"."items ""of"" 'all' \ Ünïcödé_platform_deployments" of target platform/deployments: it is missing
CREATE VIEW "public"."items ""of"" 'all' \ Ünïcödé_platform_deployments" AS
SELECT
    cluster,
    inventory_namespace,
    inventory_name,
    target_name,
    source_uid,
    resource_namespace,
    payload->>'name' AS resource_name,
    exported_at,
    CASE WHEN jsonb_typeof(payload->'attributes'->'plain') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'plain' END AS "plain",
    CASE WHEN jsonb_typeof(payload->'attributes'->'Plain') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'Plain' END AS "Plain",
    CASE WHEN jsonb_typeof(payload->'attributes'->'select') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'select' END AS "select",
    CASE WHEN jsonb_typeof(payload->'attributes'->'user') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'user' END AS "user",
    CASE WHEN jsonb_typeof(payload->'attributes'->'quo"te') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'quo"te' END AS "quo""te",
    CASE WHEN jsonb_typeof(payload->'attributes'->'it''s') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'it''s' END AS "it's",
    CASE WHEN jsonb_typeof(payload->'attributes'->'back`tick') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'back`tick' END AS "back`tick",
    CASE WHEN jsonb_typeof(payload->'attributes'->E'back\\slash') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>E'back\\slash' END AS "back\slash",
    CASE WHEN jsonb_typeof(payload->'attributes'->'semi; DROP VIEW x; --') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'semi; DROP VIEW x; --' END AS "semi; DROP VIEW x; --",
    CASE WHEN jsonb_typeof(payload->'attributes'->'Ünïcödé 🦊') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'Ünïcödé 🦊' END AS "Ünïcödé 🦊",
    CASE WHEN jsonb_typeof(payload->'attributes'->'a.b.c') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'a.b.c' END AS "a.b.c",
    CASE WHEN jsonb_typeof(payload->'attributes'->'$gt') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'$gt' END AS "$gt",
    CASE WHEN jsonb_typeof(payload->'attributes'->'$') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'$' END AS "$",
    CASE WHEN jsonb_typeof(payload->'attributes'->'.') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'.' END AS ".",
    CASE WHEN jsonb_typeof(payload->'attributes'->' spaced ') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>' spaced ' END AS " spaced ",
    CASE WHEN jsonb_typeof(payload->'attributes'->'nul�nul') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'nul�nul' END AS "nul_nul",
    CASE WHEN jsonb_typeof(payload->'attributes'->'') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'' END AS "_",
    CASE WHEN jsonb_typeof(payload->'attributes'->'half�') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'half�' END AS "half_",
    CASE WHEN jsonb_typeof(payload->'attributes'->'source_uid') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'source_uid' END AS "source_uid_b8f04f97",
    CASE WHEN jsonb_typeof(payload->'attributes'->'exported_at') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'exported_at' END AS "exported_at_795083a7",
    CASE WHEN jsonb_typeof(payload->'attributes'->'EXPORTED_AT') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'EXPORTED_AT' END AS "EXPORTED_AT",
    CASE WHEN jsonb_typeof(payload->'attributes'->'resource_name') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'resource_name' END AS "resource_name_64c223b2",
    CASE WHEN jsonb_typeof(payload->'attributes'->'_id') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'_id' END AS "_id",
    CASE WHEN jsonb_typeof(payload->'attributes'->'_TABLE_x') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'_TABLE_x' END AS "_TABLE_x",
    CASE WHEN jsonb_typeof(payload->'attributes'->'9lives') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'9lives' END AS "9lives",
    CASE WHEN jsonb_typeof(payload->'attributes'->'ctid') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'ctid' END AS "ctid",
    CASE WHEN jsonb_typeof(payload->'attributes'->'tableoid') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'tableoid' END AS "tableoid",
    CASE WHEN jsonb_typeof(payload->'attributes'->'a-b') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'a-b' END AS "a-b",
    CASE WHEN jsonb_typeof(payload->'attributes'->'a_b') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'a_b' END AS "a_b",
    CASE WHEN jsonb_typeof(payload->'attributes'->'{}') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'{}' END AS "{}",
    CASE WHEN jsonb_typeof(payload->'attributes'->'line
break') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'line
break' END AS U&"line\000Abreak",
    CASE WHEN jsonb_typeof(payload->'attributes'->'rtl‮evil') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'rtl‮evil' END AS U&"rtl\202Eevil",
    CASE WHEN jsonb_typeof(payload->'attributes'->'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' END AS "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    CASE WHEN jsonb_typeof(payload->'attributes'->'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' END AS "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_7ce10097",
    CASE WHEN jsonb_typeof(payload->'attributes'->'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy' END AS "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_96a61e9b",
    CASE WHEN jsonb_typeof(payload->'attributes'->'éééééééééééééééééééééééééééééééééééééééé') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'éééééééééééééééééééééééééééééééééééééééé' END AS "ééééééééééééééééééééééééééé_84fe2e03",
    CASE WHEN jsonb_typeof(payload->'attributes'->'éééééééééééééééééééééééééééééééééééééééé!') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'éééééééééééééééééééééééééééééééééééééééé!' END AS "ééééééééééééééééééééééééééé_adfd2770",
    CASE WHEN jsonb_typeof(payload->'attributes'->'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz') IN ('string', 'number', 'boolean') THEN payload->'attributes'->>'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz' END AS "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz_e939f461"
FROM "public"."items ""of"" 'all' \ Ünïcödé"
WHERE inventory_namespace = 'platform' AND target_name = 'deployments';
-- the comment tells Kollect that the view is its own
COMMENT ON VIEW "public"."items ""of"" 'all' \ Ünïcödé_platform_deployments" IS E'kollect: rows of target platform/deployments in items "of" ''all'' \\ Ünïcödé; made and replaced by Kollect, definition 229458108241c015';
