namespace Kollect.Core.Explanations;

/// <summary>
/// A manifest for each rule that breaks it, and no other rule if possible. <see cref="Unbreakable"/> names the ids without one.
/// </summary>
internal static class ProblemExamples
{
    private const string Block = """{ "databaseRef": { "name": "uri" }, "database": "inventory", "collection": "items" }""";

    private const string OfScope = "no manifest breaks it alone: a scope in the cluster does not allow it, and its name is in the message";

    private static readonly string Many = $"{{ {string.Join(", ", Enumerable.Range(1, 33).Select(number => $"\"a.b{number}\": \"1\""))} }}";

    /// <summary>Rules that no manifest can break today, and why. They apply to the generated models of any CRD, and keep their ids.</summary>
    public static SortedDictionary<string, string> Unbreakable { get; } = new(StringComparer.Ordinal)
    {
        ["KDB005"] = "no manifest breaks it today: no field of a spec has a pattern",
        ["KDB009"] = "no manifest breaks it today: no list or mapping of a spec has a least number of entries",
        ["KDB010"] = "no manifest breaks it today: no field of a spec is a number",
        ["KDB013"] = "no manifest breaks it today: a file that is neither YAML nor JSON is refused before, with its line and without an id",
        ["KDB701"] = OfScope,
        ["KDB702"] = OfScope,
        ["KDB703"] = OfScope,
        ["KDB704"] = OfScope,
        ["KDB705"] = OfScope,
        ["KDB706"] = OfScope,
    };

    public static SortedDictionary<string, ProblemExample> ById { get; } = new(StringComparer.Ordinal)
    {
        ["KDB001"] = Sink(PlainManifests.Postgres, ("postgres/tabel", "\"items\"")),
        ["KDB002"] = Sink(PlainManifests.Postgres, ("postgres/table", null)),
        ["KDB003"] = Sink(PlainManifests.Postgres, ("connectionTest", "\"no\"")),
        ["KDB004"] = Sink(PlainManifests.Postgres, ("provisioning/mode", "\"exists\"")),
        ["KDB006"] = Sink(PlainManifests.Postgres, ("postgres/databaseRef/namespace", $"\"{new string('x', 64)}\"")),
        ["KDB007"] = Target(("names", """[ "" ]""")),
        ["KDB008"] = Sink(PlainManifests.Postgres, ("options", Many)),
        ["KDB011"] = Sink(PlainManifests.Postgres, ("tls/caBundle", "\"-----BEGIN CERTIFICATE-----\"")),
        ["KDB012"] = Sink("""{ "type": "bigquery", "cluster": "a", "cluster": "b", "bigquery": { "dataset": "d", "table": "t" } }"""),
        ["KDB020"] = Sink(PlainManifests.Postgres, ("postgres", null)),
        ["KDB021"] = Sink(PlainManifests.Postgres, ("mongodb", Block)),
        ["KDB022"] = Sink(PlainManifests.Postgres, ("layout", "\"document\"")),
        ["KDB023"] = Sink(PlainManifests.Postgres, ("pathTemplate", "\"{cluster}/{name}.json\"")),
        ["KDB024"] = Sink(PlainManifests.Postgres, ("serialization/format", "\"yaml\"")),
        ["KDB026"] = Sink(PlainManifests.Postgres, ("postgres/databaseRef/name", "\"Inventory_DSN\""), ("secretRef/name", "\" \"")),
        ["KDB027"] = Sink(PlainManifests.Postgres, ("postgres/databaseRef/namespace", "\"kollect.system\"")),
        ["KDB028"] = Sink(PlainManifests.Postgres, ("postgres/databaseRef/key", "\"uri of the database\"")),
        ["KDB030"] = Sink(PlainManifests.Postgres, ("postgres/schema", "\"a\\u0000b\"")),
        ["KDB031"] = Sink(PlainManifests.Postgres, ("postgres/table", "\"das_Übersichtsverzeichnis_aller_Übungsgeräte_der_Außenstellen_ä\"")),
        ["KDB032"] = Sink(PlainManifests.MongoDb, ("mongodb/database", "\"inventory.prod\"")),
        ["KDB033"] = Sink(PlainManifests.MongoDb, ("mongodb/collection", "\"system.items\"")),
        ["KDB034"] = Sink(PlainManifests.BigQuery, ("bigquery/project", "\"Acme Production\"")),
        ["KDB035"] = Sink(PlainManifests.BigQuery, ("bigquery/dataset", "\"my-dataset\"")),
        ["KDB036"] = Sink(PlainManifests.BigQuery, ("bigquery/table", "\"items` AS t; DROP TABLE x\"")),
        ["KDB037"] = Sink(PlainManifests.BigQuery, ("bigquery/location", "\"europe west3\"")),
        ["KDB038"] = Sink(PlainManifests.Postgres, ("provisioning/naming/template", "\"inv_{namespce}_{name\"")),
        ["KDB039"] = Sink(PlainManifests.MongoDb, ("provisioning/naming/template", "\"inv$_{name}\"")),
        ["KDB040"] = Sink(PlainManifests.Postgres, ("options/db-password", "\"hunter22\"")),
        ["KDB041"] = Sink(PlainManifests.Postgres, ("options/application_name", "\"https://me:hunter22@example.com\"")),
        ["KDB042"] = Sink(PlainManifests.Postgres, ("options/skip_unchanged", "\"yes\"")),
        ["KDB043"] = Sink(PlainManifests.Postgres, ("options/role", "\"postgres\""), ("options/search_path", "\"x\"")),
        ["KDB044"] = Sink(
            PlainManifests.Postgres, ("options/statement timeout", "\"30000\""), ("options/sslmode", "\"require\""), ("options/pgbouncer", "\"true\"")),
        ["KDB045"] = Sink(PlainManifests.Postgres, ("options/work_mem", "\"64MB\\u0000\"")),
        ["KDB046"] = Sink(PlainManifests.BigQuery, ("options/maximum_byte_billed", "\"1000000000\"")),
        ["KDB047"] = Sink(PlainManifests.BigQuery, ("options/priority", "\"batch\""), ("options/job_timeout_ms", "\"30s\"")),
        ["KDB048"] = Sink(PlainManifests.BigQuery, ("options/label.Team", "\"Platform Engineering\"")),
        ["KDB049"] = Sink(PlainManifests.MongoDb, ("options/wtimeoutMS", "\"5000\"")),
        ["KDB050"] = Sink(PlainManifests.MongoDb, ("options/w", "\"0\""), ("options/retryWrites", "\"yes\"")),
        ["KDB055"] = Sink(PlainManifests.Postgres, ("postgres/schema", "\"pg_catalog\"")),
        ["KDB056"] = Sink(PlainManifests.MongoDb, ("mongodb/database", "\"admin\"")),
        ["KDB057"] = Sink(PlainManifests.BigQuery, ("bigquery/dataset", "\"INFORMATION_SCHEMA\"")),
        ["KDB060"] = Sink(PlainManifests.Postgres, ("exportMinInterval", "\"5 minutes\"")),
        ["KDB061"] = Sink(PlainManifests.Postgres, ("exportMinInterval", "\"25h\"")),
        ["KDB062"] = Sink(PlainManifests.Postgres, ("cluster", "\"kind\\tdev\"")),
        ["KDB063"] = Sink(PlainManifests.BigQuery, ("endpoint", "\"bigquery-psc.p.googleapis.com\"")),
        ["KDB064"] = Sink(PlainManifests.Postgres, ("tls/caBundle", "\"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==\""), ("tls/caSecretRef/name", "\"ca\"")),
        ["KDB065"] = Sink(PlainManifests.Postgres, ("tls/caBundle", "\"bm90IHBlbQ==\"")),
        ["KDB066"] = Sink(PlainManifests.Postgres, ("options/ledger", "\"no\"")),
        ["KDB067"] = Sink(PlainManifests.Postgres, ("options/ledger_keep", "\"3 months\"")),
        ["KDB068"] = Sink(PlainManifests.Postgres, ("options/history", "\"yes\"")),
        ["KDB069"] = Sink(PlainManifests.Postgres, ("options/history", "\"true\""), ("options/history_keep", "\"1 year\"")),
        ["KDB070"] = Sink(PlainManifests.Postgres, ("options/history", "\"true\""), ("options/skip_unchanged", "\"false\"")),
        ["KDB071"] = Sink(PlainManifests.Postgres, ("options/history", "\"true\""), ("postgres/table", $"\"{new string('x', 55)}\"")),
        ["KDB072"] = Sink(PlainManifests.BigQuery, ("options/history", "\"true\"")),
        ["KDB101"] = Inventory((
            "databaseSinkRefs",
            """[ 7, { "name": "warehouse", "nmespace": "x" }, { "exportMinInterval": "5m" }, { "name": "portal", "exportMinInterval": 300 }, null ]""")),
        ["KDB102"] = Inventory(("databaseSinkRefs", """[ "Warehouse", " ", { "name": "portal/a" } ]""")),
        ["KDB103"] = Inventory(("databaseSinkRefs", """[ { "name": "warehouse", "namespace": "kollect-system" } ]""")),
        ["KDB104"] = ClusterInventory(("databaseSinkRefs", """[ { "name": "warehouse", "namespace": "kollect.system" } ]""")),
        ["KDB105"] = ClusterInventory((
            "databaseSinkRefs",
            """[ "warehouse", { "name": "warehouse", "namespace": "kollect-system" }, { "name": "warehouse", "namespace": "shop" } ]""")),
        ["KDB106"] = Inventory(("exportMinInterval", "\"5 minutes\""), ("databaseSinkRefs", """[ { "name": "warehouse", "exportMinInterval": "1d" } ]""")),
        ["KDB107"] = Inventory(("exportMinInterval", "\"25h\""), ("databaseSinkRefs", """[ { "name": "warehouse", "exportMinInterval": "-1s" } ]""")),
        ["KDB108"] = ClusterInventory(("sinkNamespace", "\"Kollect\"")),
        ["KDB109"] = ClusterInventory(("targetRefs", """[ "deployments", "All Pods" ]"""), ("targetSelector", null)),
        ["KDB110"] = ClusterInventory(("namespaces", """[ "shop", "team_a" ]""")),
        ["KDB111"] = ClusterInventory(
            ("targetSelector/matchLabels", """{ "audience": "all of them", "-x": "" }"""),
            ("namespaceSelector/matchExpressions", """
                [ { "key": "team", "operator": "In" }, { "key": "a/b/c", "operator": "Exists", "values": [ "x" ] },
                  { "key": "tier", "operator": "NotIn", "values": [ "a,b" ] } ]
                """)),
        ["KDB201"] = Profile(("targetGVK", """{ "group": "Apps", "version": "apps/v1", "kind": "deployments.apps" }""")),
        ["KDB202"] = Profile((
            "attributes",
            """[ { "name": "a", "path": "$.spec.containers[?(@.name=web)]" }, { "name": "b", "path": "helm:release.chart" } ]""")),
        ["KDB203"] = Profile(("export/mode", "\"Resource\""), ("export/prune", """[ "$.status", "metadata.annotations" ]""")),
        ["KDB204"] = Profile(("attributes", """[ { "name": " ", "path": "$.a" }, { "name": "a\u0000b", "path": "$.b" } ]""")),
        ["KDB205"] = Profile(
            ("export/mode", "\"Resource\""),
            ("attributes", """[ { "name": "resource", "path": "$.a" }, { "name": "a", "path": "$.a" }, { "name": "a ", "path": "$.b" } ]""")),
        ["KDB206"] = Profile(("export/mode", "\"Resource\""), ("export/prune", """[ "$" ]""")),
        ["KDB208"] = Profile(
            ("targetGVK", """{ "version": "v1", "kind": "Secret" }"""),
            ("attributes", """[ { "name": "password", "path": "$['data'].password" }, { "name": "kind", "path": "$.type" } ]""")),
        ["KDB209"] = Profile(
            ("export/mode", "\"Resource\""),
            ("export/prune", """{ "jsonPointer": [ "/status" ], "jsonPaths": "$.status", "defaults": "yes", "scrubKeys": [ 7 ] }""")),
        ["KDB210"] = Profile(
            ("export/mode", "\"Resource\""), ("export/prune", """{ "jsonPointers": [ "/status", "$.status", "/metadata/labels/a~b" ] }""")),
        ["KDB211"] = Profile((
            "attributes",
            """
            [ { "name": "a", "path": "cel: self.spec.replicas" }, { "name": "b", "path": "cel:quantity(object.spec.memory).asInteger()" },
              { "name": "c", "path": "cel:object.metadata.name.matches(object.spec.pattern)" }, { "name": "d", "path": "cel:size(object.spec" } ]
            """)),
        ["KDB301"] = Target(("profileRef", "\"Deployments\"")),
        ["KDB302"] = ClusterTarget(("profileNamespace", "\"\"")),
        ["KDB303"] = Target(("labelSelector/matchLabels", """{ "app": "-" }""")),
        ["KDB304"] = Target(("names", """[ "web", "shop/web", ".." ]""")),
        ["KDB305"] = Target(("profileRef", """{ "names": "deployments", "namespace": 7 }""")),
        ["KDB306"] = Target(("profileRef", """{ "name": "deployments", "namespace": "kollect-system" }""")),
        ["KDB307"] = Target(("includedNamespaces", """[ "shop", "team_a" ]"""), ("excludedNamespaces", """[ "Lab" ]""")),
        ["KDB308"] = Target(("resourceRules", """[ { "gvk": { "group": "Apps", "version": "apps/v1", "kind": "Deployment" } } ]""")),
        ["KDB309"] = Target((
            "resourceRules",
            """[ { "gvk": { "version": "v1", "kind": "Pod" } }, { "gvk": { "group": "apps", "version": "v1", "kind": "Deployment" } } ]""")),
        ["KDB310"] = Target((
            "resourceRules", """[ { "gvk": { "version": "v1", "kind": "Pod" }, "matchPolicy": "object.spec.hostNetwork == " } ]""")),
        ["KDB401"] = Inventory(("metadata/name", "\"Nightly Inventory\"")),
        ["KDB402"] = Inventory(("metadata/namespace", "\"team.a\"")),
        ["KDB501"] = Sink(PlainManifests.Postgres, ("provisioning/mode", "\"existing\"")),
        ["KDB502"] = Sink(PlainManifests.Postgres, ("postgres/databaseRef/namespace", "\"kollect-system\"")),
        ["KDB503"] = Sink(PlainManifests.Postgres, ("tls/insecureSkipVerify", "true")),
        ["KDB504"] = Sink(PlainManifests.Postgres, ("tls/insecureSkipVerify", "true"), ("tls/caSecretRef/name", "\"ca\"")),
        ["KDB505"] = Sink(PlainManifests.Postgres, ("cluster", null)),
        ["KDB506"] = Sink(PlainManifests.BigQuery, ("exportMinInterval", "\"30s\"")),
        ["KDB507"] = Sink(PlainManifests.Postgres, ("endpoint", "\"https://db.example.com\"")),
        ["KDB508"] = Sink(PlainManifests.BigQuery, ("endpoint", "\"http://localhost:9050\"")),
        ["KDB509"] = Sink(PlainManifests.Postgres, ("serialization/compression", "\"gzip\"")),
        ["KDB510"] = Sink(PlainManifests.BigQuery, ("secretRef/name", "\"credentials\"")),
        ["KDB511"] = Sink(PlainManifests.Postgres, ("options/statment_timeout", "\"30000\"")),
        ["KDB512"] = Sink(PlainManifests.MongoDb, ("options/readPreference", "\"secondary\"")),
        ["KDB513"] = Inventory(("snapshotSinkRefs", """[ "git", { "name": "s3" } ]""")),
        ["KDB514"] = Inventory(("eventSinkRefs", """[ "kafka" ]""")),
        ["KDB515"] = Inventory(("httpEndpoint", """{ "enabled": true }""")),
        ["KDB516"] = Inventory(("maxExportBytes", "1048576")),
        ["KDB517"] = Inventory(("databaseSinkRefs", null)),
        ["KDB518"] = ClusterInventory(("targetRefs", """[ "deployments" ]""")),
        ["KDB519"] = Profile(("export/as", "\"object\"")),
        ["KDB520"] = Profile(("targetGVK", """{ "version": "v1", "kind": "Secret" }"""), ("attributes", null)),
        ["KDB540"] = Profile(("export/include", "\"SpecOnly\""), ("export/dedupeIdentity", "true"), ("export/prune", """[ "$.status" ]""")),
        ["KDB541"] = Profile(("export/mode", "\"Resource\""), ("export/prune", """{ "cel": [ "self.status" ] }""")),
        ["KDB542"] = Profile(("metrics", """[ { "name": "replicas_total", "path": "replicas" } ]""")),
        ["KDB543"] = Target(
            ("names", """[ "web" ]"""),
            ("resourceRules", """[ { "gvk": { "group": "apps", "version": "v1", "kind": "Deployment" }, "matchLabels": { "tier": "web" } } ]""")),
        ["KDB544"] = Inventory(("databaseSinkRefs", """[ { "name": "warehouse", "maxExportBytes": 1048576 } ]""")),
        ["KDB545"] = ClusterInventory(("profileRef", """{ "name": "deployments", "namespace": "kollect-system" }""")),
        ["KDB525"] = Sink(PlainManifests.Postgres, ("postgres/table", "\"reporting.items\"")),
        ["KDB526"] = Sink(PlainManifests.Postgres, ("postgres/schema", "\"inventory.public\"")),
        ["KDB527"] = Sink(PlainManifests.Postgres, ("provisioning/naming/template", "\"reporting.inv_{name}\"")),
        ["KDB528"] = Sink(PlainManifests.MongoDb, ("mongodb/collection", "\"inventory.items\"")),
        ["KDB601"] = Scope(("allowedGVKs", """[ { "version": "apps/v1", "kind": "deployments.apps" } ]""")),
        ["KDB602"] = Scope(("allowedNamespaces", """[ "Platform" ]""")),
        ["KDB603"] = Scope(("databaseSinkRefs", """[ "platform/warehouse" ]""")),
        ["KDB604"] = Scope(("minExportInterval", "\"1 minute\"")),
        ["KDB605"] = Scope(("minExportInterval", "\"48h\"")),
    };

    private static ProblemExample Sink(string spec, params (string, string?)[] changes) => new("KollectDatabaseSink", spec, changes.ToSeq());

    private static ProblemExample Inventory(params (string, string?)[] changes) => new("KollectInventory", PlainManifests.Inventory, changes.ToSeq());

    private static ProblemExample ClusterInventory(params (string, string?)[] changes) =>
        new("KollectClusterInventory", PlainManifests.ClusterInventory, changes.ToSeq());

    private static ProblemExample Profile(params (string, string?)[] changes) => new("KollectProfile", PlainManifests.Profile, changes.ToSeq());

    private static ProblemExample Target(params (string, string?)[] changes) => new("KollectTarget", PlainManifests.Target, changes.ToSeq());

    private static ProblemExample Scope(params (string, string?)[] changes) => new("KollectScope", PlainManifests.Scope, changes.ToSeq());

    private static ProblemExample ClusterTarget(params (string, string?)[] changes) => new("KollectClusterTarget", PlainManifests.Target, changes.ToSeq());
}
