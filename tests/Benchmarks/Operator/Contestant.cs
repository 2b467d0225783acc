using System.Diagnostics;

namespace Kollect.Benchmarks.Operator;

/// <summary>A program that keeps the rows of a table equal to the objects of a cluster.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Manifests">What it needs in the cluster, by the URL of the database; empty = nothing.</param>
/// <param name="Command">Program and arguments, by the path of a kubeconfig and the connection string.</param>
internal sealed record Contestant(string Name, Func<string, string> Manifests, Func<string, string, IReadOnlyList<string>> Command)
{
    /// <summary>The table of every contestant, each in a database of its own.</summary>
    public const string Table = "items";

    public static Contestant Operator(string name, string program) => new(
        name,
        OperatorManifests,
        (kubeconfig, _) =>
        [
            program, "operator", "--kubeconfig", kubeconfig, "--leader-election", "false", "--webhook-port", "0", "--http-port", "0",
            "--allow-loopback-sinks", "--targets-across-namespaces", "--log-level", "error",
        ]);

    /// <summary>The least that such a program can do; see <see cref="FloorWatcher"/>.</summary>
    public static Contestant Floor { get; } = new("floor", _ => "", (kubeconfig, connection) => [Environment.ProcessPath!, "floor", kubeconfig, connection]);

    public Process Start(string kubeconfig, string connection)
    {
        var command = Command(kubeconfig, connection);
        return Process.Start(new ProcessStartInfo(command[0], command.Skip(1)))!;
    }

    /// <summary>The default interval and, as far as a build has them, its other defaults.</summary>
    private static string OperatorManifests(string url) =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectDatabaseSink
        metadata: {name: warehouse, namespace: default}
        spec: {type: postgres, cluster: bench, options: {skip_unchanged: "true"}, postgres: {databaseRef: {name: connection}, table: {{Table}} } }
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: connection, namespace: default}
        stringData: {url: "{{url}}"}
        ---

        """ + string.Concat(Population.Kinds.Select(it =>
        $$"""
        apiVersion: kollect.dev/v1alpha1
        kind: KollectProfile
        metadata: {name: {{it.Target}}, namespace: default}
        spec: {targetGVK: {group: "{{it.Group}}", version: v1, kind: {{it.Kind}} }, export: {mode: Resource} }
        ---
        apiVersion: kollect.dev/v1alpha1
        kind: KollectTarget
        metadata: {name: {{it.Target}}, namespace: default}
        spec: {profileRef: {{it.Target}} }
        ---

        """)) +
        """
        apiVersion: kollect.dev/v1alpha1
        kind: KollectInventory
        metadata: {name: all, namespace: default}
        spec: {databaseSinkRefs: [{name: warehouse}]}
        """;
}
