using System.Text.RegularExpressions;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Replicas of the operator that share the work: each a process, with an account of its own at the API server.</summary>
internal sealed partial class Replicas : IAsyncDisposable
{
    private readonly Dictionary<string, (OperatorAccount Account, OperatorProgram Program)> replicas = new(StringComparer.Ordinal);
    private readonly List<(OperatorAccount Account, OperatorProgram Program)> ended = [];
    private readonly KubernetesServer cluster;
    private readonly int shards;

    private Replicas(KubernetesServer cluster, int shards) => (this.cluster, this.shards) = (cluster, shards);

    /// <summary>Starts one for each user.</summary>
    public static async Task<Replicas> StartAsync(KubernetesServer cluster, int shards, params string[] users)
    {
        var all = new Replicas(cluster, shards);
        foreach (var user in users)
            await all.StartAsync(user);
        return all;
    }

    /// <summary>Starts another one.</summary>
    public async Task StartAsync(string user)
    {
        var account = await OperatorAccount.CreateAsync(cluster, user);
        replicas[user] = (account, await OperatorProgram.StartAsync(
            account.Kubeconfig, 0, "--leader-election-namespace", "default", "--shards", FormattableString.Invariant($"{shards}")));
    }

    /// <summary>Waits until the replicas hold these numbers of shards, in ascending order.</summary>
    public Task HoldAsync(int[] shards) => Eventually.HoldsAsync(
        async () => (await HeldAsync()).SequenceEqual(shards), 40, async () => string.Join(", ", await HeldAsync()) + "\n" + LogTails());

    /// <summary>Kills a replica with SIGKILL.</summary>
    public void Kill(string user)
    {
        replicas[user].Program.Kill();
        End(user);
    }

    /// <summary>Stops a replica with SIGTERM, and waits until it has ended.</summary>
    public async Task StopAsync(string user)
    {
        await replicas[user].Program.StopAsync();
        End(user);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (account, program) in replicas.Values.Concat(ended))
        {
            await program.DisposeAsync();
            account.Dispose();
        }
    }

    private void End(string user)
    {
        ended.Add(replicas[user]);
        replicas.Remove(user);
    }

    private async Task<int[]> HeldAsync() =>
        [.. (await Task.WhenAll(replicas.Values.Select(it => it.Program.GetAsync("metrics")))).Select(HeldIn).Order()];

    private static int HeldIn(string metrics) =>
        int.Parse(Held().Match(metrics).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private string LogTails() => string.Join("\n", replicas.Select(it => $"{it.Key}:\n{string.Join("\n", it.Value.Program.Log.TakeLast(10))}"));

    [GeneratedRegex(@"^kollect_shards_held (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Held();
}
