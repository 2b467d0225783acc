namespace Kollect.Core.Tests.Manifests;

/// <summary>
/// For each sample manifest that the Go operator publishes for the six kinds, by its path below config/samples of github.com/PlatformRelay/Kollect
/// (d09be97): a spec in our words with the same fields and kinds of values.
/// </summary>
internal static class GoOperatorSamples
{
    private const string Application = """ "targetGVK": { "group": "argoproj.io", "version": "v1alpha1", "kind": "Application" } """;
    private const string Deployment = """ "targetGVK": { "group": "apps", "version": "v1", "kind": "Deployment" } """;
    private const string Release = """ "targetGVK": { "group": "helm.toolkit.fluxcd.io", "version": "v2", "kind": "HelmRelease" } """;
    private const string Ingress = """ "targetGVK": { "group": "networking.k8s.io", "version": "v1", "kind": "Ingress" } """;
    private const string Count = """ { "name": "containers", "path": "cel:size(object.spec.template.spec.containers)", "type": "int", "optional": true } """;
    private const string First = """ { "name": "image", "path": "$.spec.template.spec.containers[0].image", "type": "string" } """;
    private const string All = """ { "name": "images", "path": "$.spec.template.spec.containers[*].image", "type": "list" } """;
    private const string Labels = """ { "name": "labels", "path": "$.metadata.labels", "type": "map", "optional": true } """;
    private const string Sync = """ { "name": "sync", "path": "$.status.sync.status", "type": "string", "optional": true } """;
    private const string Version = """ { "name": "version", "path": "$.status.history[0].version", "type": "int", "optional": true } """;
    private const string Hosts = """ { "name": "hosts", "path": "$.spec.rules[*].host", "type": "list" } """;
    private const string Git = """ "snapshotSinkRefs": [ { "name": "git", "exportMinInterval": "1h" } ] """;

    public static readonly (string Path, string Kind, string Spec)[] Samples =
    [
        ("kollect_v1alpha1_kollectprofile.yaml", "KollectProfile", $$"""{ {{Deployment}}, "attributes": [ {{First}}, {{All}}, {{Count}}, {{Labels}} ] }"""),
        ("kollect_v1alpha1_kollectprofile_argo-application-snapshot.yaml", "KollectProfile", $$"""
            { {{Application}}, "attributes": [ {{Sync}} ], "export": { "mode": "Resource", "as": "app", "include": "SpecAndStatus",
              "prune": { "defaults": true, "jsonPointers": [ "/status/operationState" ] } } }
            """),
        ("kollect_v1alpha1_kollectprofile_argo-application-summary.yaml", "KollectProfile", $$"""{ {{Application}}, "attributes": [ {{Sync}} ] }"""),
        ("kollect_v1alpha1_kollectprofile_certificate-summary.yaml", "KollectProfile", """
            { "targetGVK": { "group": "cert-manager.io", "version": "v1", "kind": "Certificate" },
              "attributes": [ { "name": "ready", "path": "$.status.conditions[0].status", "type": "string", "optional": true } ] }
            """),
        ("kollect_v1alpha1_kollectprofile_deployment-snapshot.yaml", "KollectProfile", $$"""
            { {{Deployment}}, "attributes": [ {{Count}} ], "export": { "mode": "Resource", "as": "resource", "include": "SpecAndStatus", "prune": {
                "defaults": true, "jsonPointers": [ "/status/conditions", "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration" ],
                "jsonPaths": [ "$.metadata.labels[\"pod-template-hash\"]" ], "scrubKeys": [ "password", "token" ] } } }
            """),
        ("kollect_v1alpha1_kollectprofile_helm-release-summary.yaml", "KollectProfile", $$"""{ {{Release}}, "attributes": [ {{Version}} ] }"""),
        ("kollect_v1alpha1_kollectprofile_helm-release-values-redacted.yaml", "KollectProfile", $$"""
            { {{Release}}, "attributes": [ {{Version}}, { "name": "values", "path": "$.spec.values", "optional": true } ] }
            """),
        ("kollect_v1alpha1_kollectprofile_ingress-hosts.yaml", "KollectProfile", $$"""
            { {{Ingress}}, "attributes": [ {{Hosts}}, { "name": "tls", "path": "$.spec.tls[*].hosts", "type": "list", "optional": true } ] }
            """),
        ("kollect_v1alpha1_kollectprofile_platform-argo-summary.yaml", "KollectProfile", $$"""{ {{Application}}, "attributes": [ {{Sync}} ] }"""),
        ("kollect_v1alpha1_kollectprofile_service-endpoints.yaml", "KollectProfile", """
            { "targetGVK": { "group": "", "version": "v1", "kind": "Service" },
              "attributes": [ { "name": "ports", "path": "$.spec.ports[*].port", "type": "list" } ] }
            """),
        ("pipeline/deployment-images/profile.yaml", "KollectProfile", $$"""{ {{Deployment}}, "attributes": [ {{First}}, {{All}}, {{Count}} ] }"""),
        ("pipeline/git-sink/profile.yaml", "KollectProfile", $$"""{ {{Deployment}}, "attributes": [ {{First}}, {{All}} ] }"""),
        ("pipeline/helm-releases/profile.yaml", "KollectProfile", """
            { "targetGVK": { "version": "v1", "kind": "Secret" }, "attributes": [ { "name": "chart", "path": "helm:release.chartName", "type": "string" } ] }
            """),
        ("pipeline/ingress-hosts/profile.yaml", "KollectProfile", $$"""{ {{Ingress}}, "attributes": [ {{Hosts}} ] }"""),
        ("pipeline/namespaces/profile.yaml", "KollectProfile", $$"""
            { "targetGVK": { "group": "", "version": "v1", "kind": "Namespace" },
              "attributes": [ { "name": "phase", "path": "$.status.phase", "type": "string" }, {{Labels}} ] }
            """),
        ("team-operator/profile.yaml", "KollectProfile", $$"""
            { {{Deployment}}, "attributes": [ {{Count}} ],
              "export": { "mode": "Resource", "as": "resource", "include": "SpecAndStatus", "prune": { "defaults": true } } }
            """),
        ("demo/git-only/profile.yaml", "KollectProfile", $$"""
            { {{Deployment}}, "attributes": [ {{First}}, { "name": "replicas", "path": "$.spec.replicas", "type": "int" } ] }
            """),
        ("kollect_v1alpha1_kollecttarget.yaml", "KollectTarget", """
            { "profileRef": "images", "labelSelector": { "matchLabels": { "app.kubernetes.io/name": "web" } }, "suspend": false }
            """),
        ("kollect_v1alpha1_kollecttarget_argo-applications.yaml", "KollectTarget", """
            { "profileRef": "apps", "namespaceSelector": { "matchLabels": { "argocd.argoproj.io/instance": "shop" } }, "suspend": false }
            """),
        ("kollect_v1alpha1_kollecttarget_certificates.yaml", "KollectTarget", """
            { "profileRef": "certificates", "namespaceSelector": { "matchLabels": { "kollect.dev/collect-certificates": "enabled" } }, "suspend": false }
            """),
        ("kollect_v1alpha1_kollecttarget_helm-releases.yaml", "KollectTarget", """
            { "profileRef": "releases", "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "platform" } }, "suspend": false }
            """),
        ("kollect_v1alpha1_kollecttarget_opt-in.yaml", "KollectTarget", """
            { "profileRef": "images", "watchMode": "OptIn", "labelSelector": { "matchLabels": { "app.kubernetes.io/name": "web" } }, "suspend": false }
            """),
        ("pipeline/deployment-images/target.yaml", "KollectTarget", """{ "profileRef": "images" }"""),
        ("pipeline/git-sink/target.yaml", "KollectTarget", """{ "profileRef": "images" }"""),
        ("pipeline/helm-releases/target.yaml", "KollectTarget", """
            { "profileRef": "releases", "labelSelector": { "matchLabels": { "owner": "helm", "status": "deployed" } } }
            """),
        ("pipeline/ingress-hosts/target.yaml", "KollectTarget", """{ "profileRef": "hosts" }"""),
        ("pipeline/namespaces/target.yaml", "KollectTarget", """{ "profileRef": "namespaces" }"""),
        ("team-operator/target.yaml", "KollectTarget", """{ "profileRef": "snapshot", "suspend": false }"""),
        ("demo/git-only/target.yaml", "KollectTarget", """
            { "profileRef": "images", "suspend": false, "labelSelector": { "matchLabels": { "app": "cart" } },
              "namespaceSelector": { "matchLabels": { "kubernetes.io/metadata.name": "lab" } } }
            """),
        ("kollect_v1alpha1_kollectclustertarget.yaml", "KollectClusterTarget", """
            { "profileRef": { "name": "apps", "namespace": "kollect-system" }, "namespaceSelector": { "matchLabels": { "kollect.dev/tenant": "platform" } } }
            """),
        ("advanced/kollect_v1alpha1_kollectinventory.yaml", "KollectInventory", $$"""
            { "exportMinInterval": "30s", "databaseSinkRefs": [ "warehouse" ], {{Git}}, "suspend": false }
            """),
        ("advanced/kollect_v1alpha1_kollectinventory_export-partitioning.yaml", "KollectInventory", $$"""
            { "exportMinInterval": "30s", "maxExportBytes": 1048576, "databaseSinkRefs": [ "warehouse" ], {{Git}}, "suspend": false }
            """),
        ("advanced/kollect_v1alpha1_kollectinventory_sharded.yaml", "KollectInventory", $$"""
            { "exportMinInterval": "30s", "databaseSinkRefs": [ "warehouse" ], {{Git}}, "suspend": false }
            """),
        ("demo/git-only/inventory.yaml", "KollectInventory", $$"""{ {{Git}}, "exportMinInterval": "15s", "suspend": false }"""),
        ("demo/git-postgres/inventory.yaml", "KollectInventory", """{ "databaseSinkRefs": [ { "name": "warehouse" } ] }"""),
        ("e2e/team-inventory.yaml", "KollectInventory", """{ "suspend": false, "snapshotSinkRefs": [ { "name": "git" } ] }"""),
        ("team-operator/inventory.yaml", "KollectInventory", $$"""{ "suspend": false, "exportMinInterval": "30s", {{Git}} }"""),
        ("advanced/kollect_v1alpha1_kollectclusterinventory.yaml", "KollectClusterInventory", """
            { "targetRefs": [ "apps" ], "namespaces": [ "shop", "lab" ], "namespaceSelector": { "matchLabels": { "kollect.dev/tenant": "platform" } },
              "sinkNamespace": "kollect-system", "databaseSinkRefs": [ { "name": "warehouse" } ],
              "snapshotSinkRefs": [ { "name": "git", "namespace": "shop" } ] }
            """),
        ("advanced/kollect_v1alpha1_kollectdatabasesink.yaml", "KollectDatabaseSink", """
            { "type": "postgres", "cluster": "dev", "connectionTest": true, "provisioning": { "mode": "ensure" }, "options": { "statement_timeout": "20000" },
              "postgres": { "databaseRef": { "name": "dsn", "namespace": "kollect-system" }, "schema": "public", "table": "items" } }
            """),
        ("advanced/kollect_v1alpha1_kollectdatabasesink_bigquery.yaml", "KollectDatabaseSink", """
            { "type": "bigquery", "cluster": "dev", "connectionTest": true, "provisioning": { "mode": "ensure" }, "exportMinInterval": "5m",
              "bigquery": { "project": "acme-prod", "dataset": "inventory", "table": "items", "location": "EU",
                            "secretRef": { "name": "key", "namespace": "kollect-system" } } }
            """),
        ("advanced/kollect_v1alpha1_kollectdatabasesink_mongodb.yaml", "KollectDatabaseSink", """
            { "type": "mongodb", "cluster": "dev", "connectionTest": true, "provisioning": { "mode": "ensure" },
              "mongodb": { "databaseRef": { "name": "uri", "namespace": "kollect-system" }, "database": "inventory", "collection": "items" } }
            """),
        ("demo/git-postgres/databasesink.yaml", "KollectDatabaseSink", """
            { "type": "postgres", "cluster": "dev", "connectionTest": true, "provisioning": { "mode": "ensure" },
              "postgres": { "databaseRef": { "name": "dsn", "namespace": "kollect-system" }, "schema": "public", "table": "items" } }
            """),
    ];
}
