namespace Kollect.Shell.Tests.Operator;

/// <summary>Manifests of sinks and Secrets, as users apply them.</summary>
internal static class Manifests
{
    public static string PostgresSink(
        string name = "inventory", string secret = "dsn", string spec = "", string? @namespace = null, string annotations = "") =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: {{name}}{{In(@namespace)}}, annotations: { {{annotations}} } }
        spec:
          type: postgres
          cluster: east
          postgres: {databaseRef: {name: {{secret}}}, table: inventory_items}
          {{spec}}
        ---

        """;

    public static string Secret(string url, string name = "dsn", string key = "url", string? @namespace = null) =>
        $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{name}}{{In(@namespace)}} }
        stringData: {{{key}}: "{{url}}"}
        ---

        """;

    /// <summary>The <c>namespace</c> field after the name of an object; null = none, so that the namespace of kubectl's context applies.</summary>
    public static string In(string? @namespace) => @namespace is null ? "" : $", namespace: {@namespace}";
}
