using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Shell.Tests.Telemetry;

namespace Kollect.Shell.Tests.Operator;

/// <summary>The operator as a process of its own, and what it asks of the API server within a time.</summary>
internal sealed class ObservedRequests : IAsyncDisposable
{
    private readonly OperatorAccount account;
    private readonly OperatorProgram program;
    private readonly List<(string What, double Actual, double Ceiling)> rows = [];
    private IReadOnlyDictionary<string, int> counts = new Dictionary<string, int>();
    private IReadOnlyList<KubernetesWrite> writes = [];

    private ObservedRequests(KubernetesServer server, OperatorAccount account, OperatorProgram program) =>
        (Server, this.account, this.program) = (server, account, program);

    public KubernetesServer Server { get; }

    /// <summary>Of the observation.</summary>
    public double Seconds { get; private set; }

    public double Probes { get; private set; }

    public double Reconciles { get; private set; }

    /// <summary>All requests, of every verb.</summary>
    public double All => counts.Sum(it => it.Value);

    public double Writes => writes.Count;

    public static async Task<ObservedRequests> StartAsync(params string[] options)
    {
        var server = await KubernetesServer.StartAsync(new KubernetesOptions { Needs = "a log of requests" });
        var account = await OperatorAccount.CreateAsync(server);
        return new ObservedRequests(server, account, await OperatorProgram.StartAsync(account.Kubeconfig, 0, options));
    }

    /// <param name="request">Verb and resource: <c>get secrets</c>.</param>
    public double Count(string request) => counts.GetValueOrDefault($"{account.User} {request}");

    /// <summary>Waits until all objects of a kind have a condition.</summary>
    public Task HaveAsync(string resource, int objects, string condition, string status, int seconds = 60) => Eventually.HoldsAsync(
        async () =>
        {
            var path = $"/apis/kollect.dev/v1alpha1/namespaces/{Server.Namespace}/{resource}";
            var list = JsonNode.Parse((await Server.KubectlAsync("get", "--raw", path)).Required)!["items"]!.AsArray();
            return list.Count(it => it!["status"]?["conditions"]?.AsArray()
                .Any(found => (string?)found!["type"] == condition && (string?)found["status"] == status) == true) == objects;
        },
        seconds);

    /// <summary>Waits until the operator has written nothing for two seconds: what was caused by the beginning is over.</summary>
    public Task IsQuietAsync() => Eventually.HoldsAsync(
        async () =>
        {
            await Server.ResetRequestsAsync();
            await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
            return (await OwnWritesAsync()).Count == 0;
        },
        40);

    /// <summary>Counts the requests within a time, which is the condition of such a test.</summary>
    /// <param name="meanwhile">What others do in that time.</param>
    public async Task ObserveAsync(TimeSpan time, Func<Task>? meanwhile = null)
    {
        var (probes, reconciles) = await MetricsAsync();
        await Server.ResetRequestsAsync();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.WhenAll(Task.Delay(time, TestContext.Current.CancellationToken), meanwhile?.Invoke() ?? Task.CompletedTask);
        (counts, _) = await Server.RequestsAsync();
        counts = counts.Where(it => it.Key.StartsWith(account.User + " ", StringComparison.Ordinal)).ToDictionary(it => it.Key, it => it.Value);
        writes = await OwnWritesAsync();
        Seconds = watch.Elapsed.TotalSeconds;
        var after = await MetricsAsync();
        (Probes, Reconciles) = (after.Probes - probes, after.Reconciles - reconciles);
    }

    /// <summary>A row of the table.</summary>
    /// <param name="ceiling">Within the observed time.</param>
    public void AtMost(double ceiling, string what, double actual) => rows.Add((what, actual, ceiling));

    /// <summary>Prints the table, and fails where a ceiling was exceeded.</summary>
    public void Verify(string title)
    {
        var table = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{title}, {Seconds:0} s").AppendLine();
        table.AppendLine("| requests | within the time | per minute | ceiling per minute |").AppendLine("|---|---:|---:|---:|");
        foreach (var (what, actual, ceiling) in rows)
            table.AppendLine(CultureInfo.InvariantCulture, $"| {what} | {actual:0} | {actual * 60 / Seconds:0} | {ceiling * 60 / Seconds:0} |");
        foreach (var (request, count) in counts.OrderBy(it => it.Key, StringComparer.Ordinal))
            table.AppendLine(CultureInfo.InvariantCulture, $"    {request} {count}");
        TestContext.Current.TestOutputHelper?.WriteLine(table.ToString());
        Assert.True(rows.TrueForAll(it => it.Actual <= it.Ceiling), table.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await program.DisposeAsync();
        await Server.DisposeAsync();
        account.Dispose();
    }

    private async Task<List<KubernetesWrite>> OwnWritesAsync() =>
        [.. (await Server.WritesAsync()).Where(it => it.User == account.User && it.Resource != "leases.coordination.k8s.io")];

    private async Task<(double Probes, double Reconciles)> MetricsAsync()
    {
        var metrics = Exposition.Read(await program.GetAsync("metrics"));
        return (Sum("kollect_sink_connection_test_total"), Sum("kollect_reconcile_total"));

        double Sum(string name) => metrics.Samples.Where(it => it.StartsWith(name + "{", StringComparison.Ordinal)).Sum(it => metrics[it]);
    }
}
