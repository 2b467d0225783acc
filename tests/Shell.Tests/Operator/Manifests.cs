namespace Kollect.Shell.Tests.Operator;

/// <summary>Manifests of sinks and Secrets, as users apply them.</summary>
internal static class Manifests
{
    public static string PostgresSink(
        string name = "inventory", string secret = "dsn", string spec = "", string @namespace = "default", string annotations = "") =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata:
          name: {{name}}
          namespace: {{@namespace}}
          annotations: { {{annotations}} }
        spec:
          type: postgres
          cluster: east
          postgres: {databaseRef: {name: {{secret}}}, table: inventory_items}
          {{spec}}
        ---

        """;

    public static string Secret(string url, string name = "dsn", string key = "url", string @namespace = "default") =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{name}}, namespace: {{@namespace}}}
        stringData: {{{key}}: "{{url}}"}
        ---

        """;
}
