using System.Text.RegularExpressions;

namespace Kollect.Shell.Tests.Operator;

/// <summary>Replicas of the operator that share the work: each a process, with an account of its own at the API server.</summary>
internal sealed partial class Replicas : IAsyncDisposable
{
    private readonly Dictionary<string, (OperatorAccount Account, OperatorProgram Program)> replicas = new(StringComparer.Ordinal);
    private readonly List<(OperatorAccount Account, OperatorProgram Program)> ended = [];

    /// <summary>Starts one for each user.</summary>
    public static async Task<Replicas> StartAsync(KubernetesServer cluster, int shards, params string[] users)
    {
        var all = new Replicas();
        foreach (var user in users)
        {
            var account = await OperatorAccount.CreateAsync(cluster, user);
            all.replicas[user] = (account, await OperatorProgram.StartAsync(
                account.Kubeconfig, 0, "--leader-election-namespace", "default", "--shards", FormattableString.Invariant($"{shards}")));
        }

        return all;
    }

    /// <summary>Waits until the replicas hold these numbers of shards, in ascending order.</summary>
    public Task HoldAsync(int[] shards) => Eventually.HoldsAsync(
        async () => (await HeldAsync()).SequenceEqual(shards), 40, async () => string.Join(", ", await HeldAsync()) + "\n" + LogTails());

    /// <summary>Kills a replica with SIGKILL.</summary>
    public void Kill(string user)
    {
        replicas[user].Program.Kill();
        ended.Add(replicas[user]);
        replicas.Remove(user);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (account, program) in replicas.Values.Concat(ended))
        {
            await program.DisposeAsync();
            account.Dispose();
        }
    }

    private async Task<int[]> HeldAsync() =>
        [.. (await Task.WhenAll(replicas.Values.Select(it => it.Program.GetAsync("metrics")))).Select(HeldIn).Order()];

    private static int HeldIn(string metrics) =>
        int.Parse(Held().Match(metrics).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private string LogTails() => string.Join("\n", replicas.Select(it => $"{it.Key}:\n{string.Join("\n", it.Value.Program.Log.TakeLast(10))}"));

    [GeneratedRegex(@"^kollect_shards_held (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Held();
}
