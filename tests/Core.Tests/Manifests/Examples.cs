using System.Text.Json.Nodes;
using static Kollect.Core.Tests.Manifests.SinkManifests;

namespace Kollect.Core.Tests.Manifests;

/// <summary>One spec for each rule that violates it, and no other rule if possible.</summary>
internal static class Examples
{
    private const string Block = """{ "databaseRef": { "name": "uri" }, "database": "inventory", "collection": "items" }""";

    public static SortedDictionary<string, JsonObject> ById { get; } = new(StringComparer.Ordinal)
    {
        ["KDB020"] = With(PostgresSpec, ("postgres", null)),
        ["KDB021"] = With(PostgresSpec, ("mongodb", Block)),
        ["KDB022"] = With(PostgresSpec, ("layout", "\"document\"")),
        ["KDB023"] = With(PostgresSpec, ("pathTemplate", "\"{cluster}/{name}.json\"")),
        ["KDB024"] = With(PostgresSpec, ("serialization/format", "\"yaml\"")),
        ["KDB026"] = With(PostgresSpec, ("postgres/databaseRef/name", "\"Inventory_DSN\""), ("secretRef/name", "\" \"")),
        ["KDB027"] = With(PostgresSpec, ("postgres/databaseRef/namespace", "\"kollect.system\"")),
        ["KDB028"] = With(PostgresSpec, ("postgres/databaseRef/key", "\"uri of the database\"")),
        ["KDB030"] = With(PostgresSpec, ("postgres/schema", "\"a\\u0000b\"")),
        ["KDB031"] = With(PostgresSpec, ("postgres/table", "\"das_Übersichtsverzeichnis_aller_Übungsgeräte_der_Außenstellen_ä\"")),
        ["KDB032"] = With(MongoDbSpec, ("mongodb/database", "\"inventory.prod\"")),
        ["KDB033"] = With(MongoDbSpec, ("mongodb/collection", "\"system.items\"")),
        ["KDB034"] = With(BigQuerySpec, ("bigquery/project", "\"Acme Production\"")),
        ["KDB035"] = With(BigQuerySpec, ("bigquery/dataset", "\"my-dataset\"")),
        ["KDB036"] = With(BigQuerySpec, ("bigquery/table", "\"items` AS t; DROP TABLE x\"")),
        ["KDB037"] = With(BigQuerySpec, ("bigquery/location", "\"europe west3\"")),
        ["KDB038"] = With(PostgresSpec, ("provisioning/naming/template", "\"inv_{namespce}_{name\"")),
        ["KDB039"] = With(MongoDbSpec, ("provisioning/naming/template", "\"inv$_{name}\"")),
        ["KDB040"] = With(PostgresSpec, ("options/db-password", "\"hunter22\"")),
        ["KDB041"] = With(PostgresSpec, ("options/application_name", "\"https://me:hunter22@example.com\"")),
        ["KDB042"] = With(PostgresSpec, ("options/skip_unchanged", "\"yes\"")),
        ["KDB066"] = With(PostgresSpec, ("options/ledger", "\"no\"")),
        ["KDB067"] = With(PostgresSpec, ("options/ledger_keep", "\"3 months\"")),
        ["KDB043"] = With(PostgresSpec, ("options/role", "\"postgres\""), ("options/search_path", "\"x\"")),
        ["KDB044"] = With(PostgresSpec, ("options/statement timeout", "\"30000\""), ("options/sslmode", "\"require\""), ("options/pgbouncer", "\"true\"")),
        ["KDB045"] = With(PostgresSpec, ("options/work_mem", "\"64MB\\u0000\"")),
        ["KDB046"] = With(BigQuerySpec, ("options/maximum_byte_billed", "\"1000000000\"")),
        ["KDB047"] = With(BigQuerySpec, ("options/priority", "\"batch\""), ("options/job_timeout_ms", "\"30s\"")),
        ["KDB048"] = With(BigQuerySpec, ("options/label.Team", "\"Platform Engineering\"")),
        ["KDB049"] = With(MongoDbSpec, ("options/wtimeoutMS", "\"5000\"")),
        ["KDB050"] = With(MongoDbSpec, ("options/w", "\"0\""), ("options/retryWrites", "\"yes\"")),
        ["KDB055"] = With(PostgresSpec, ("postgres/schema", "\"pg_catalog\"")),
        ["KDB056"] = With(MongoDbSpec, ("mongodb/database", "\"admin\"")),
        ["KDB057"] = With(BigQuerySpec, ("bigquery/dataset", "\"INFORMATION_SCHEMA\"")),
        ["KDB060"] = With(PostgresSpec, ("exportMinInterval", "\"5 minutes\"")),
        ["KDB061"] = With(PostgresSpec, ("exportMinInterval", "\"25h\"")),
        ["KDB062"] = With(PostgresSpec, ("cluster", "\"kind\\tdev\"")),
        ["KDB063"] = With(BigQuerySpec, ("endpoint", "\"bigquery-psc.p.googleapis.com\"")),
        ["KDB064"] = With(PostgresSpec, ("tls/caBundle", "\"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==\""), ("tls/caSecretRef/name", "\"ca\"")),
        ["KDB065"] = With(PostgresSpec, ("tls/caBundle", "\"bm90IHBlbQ==\"")),
        ["KDB501"] = With(PostgresSpec, ("provisioning/mode", "\"existing\"")),
        ["KDB502"] = With(PostgresSpec, ("postgres/databaseRef/namespace", "\"kollect-system\"")),
        ["KDB503"] = With(PostgresSpec, ("tls/insecureSkipVerify", "true")),
        ["KDB504"] = With(PostgresSpec, ("tls/insecureSkipVerify", "true"), ("tls/caSecretRef/name", "\"ca\"")),
        ["KDB505"] = With(PostgresSpec, ("cluster", null)),
        ["KDB506"] = With(BigQuerySpec, ("exportMinInterval", "\"30s\"")),
        ["KDB507"] = With(PostgresSpec, ("endpoint", "\"https://db.example.com\"")),
        ["KDB508"] = With(BigQuerySpec, ("endpoint", "\"http://localhost:9050\"")),
        ["KDB509"] = With(PostgresSpec, ("serialization/compression", "\"gzip\"")),
        ["KDB510"] = With(BigQuerySpec, ("secretRef/name", "\"credentials\"")),
        ["KDB511"] = With(PostgresSpec, ("options/statment_timeout", "\"30000\"")),
        ["KDB512"] = With(MongoDbSpec, ("options/readPreference", "\"secondary\"")),
        ["KDB525"] = With(PostgresSpec, ("postgres/table", "\"reporting.items\"")),
        ["KDB526"] = With(PostgresSpec, ("postgres/schema", "\"inventory.public\"")),
        ["KDB527"] = With(PostgresSpec, ("provisioning/naming/template", "\"reporting.inv_{name}\"")),
        ["KDB528"] = With(MongoDbSpec, ("mongodb/collection", "\"inventory.items\"")),
    };
}
