using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Kollect.Core.Exports;
using Kollect.Core.Failures;
using Kollect.Core.Manifests;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Shell.Backends.Dial;

namespace Kollect.Shell.Tests.Backends;

/// <summary>
/// Whatever value an option has: admission or the Secret's reader refuses it in words, or the sink is probed within its limit. Nothing throws, nothing hangs,
/// and an abort of the process would be one of this run.
/// </summary>
public sealed class HostileValuesTests
{
    private const int AtOnce = 16;

    /// <summary>Many times what reading takes on a slow machine.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    /// <summary>The limit of a probe is 15 s; the rest is for a machine that is busy.</summary>
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(60);

    private static readonly DialGuard Guard = new(
        new DialPolicy(AllowLoopback: true, DenyPrivate: false), (_, _) => throw new SocketException((int)SocketError.HostNotFound));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Every_option_of_PostgreSQL_takes_or_refuses_every_value() => VerifyAsync("postgres", HostileValues.OfPostgres);

    [Fact]
    public Task Every_option_of_MongoDB_takes_or_refuses_every_value() => VerifyAsync("mongodb", HostileValues.OfMongoDb);

    [Fact]
    public Task Every_option_of_BigQuery_takes_or_refuses_every_value() => VerifyAsync("bigquery", HostileValues.OfBigQuery);

    /// <summary>The driver's monitors read on threads of their own, for as long as these times allow.</summary>
    [Fact]
    public async Task The_longest_times_of_MongoDB_hold_no_thread_after_the_probe_of_a_silent_server()
    {
        using var server = new SilentServer();
        var before = Threads();
        string[] longest =
        [
            "connectTimeoutMS=600000", "serverSelectionTimeoutMS=600000", "socketTimeoutMS=86400000", "socketTimeoutMS=0", "heartbeatFrequencyMS=600000",
            "waitQueueTimeoutMS=600000", "wTimeoutMS=86400000", "maxIdleTimeMS=86400000&minPoolSize=1000",
            "connectTimeoutMS=600000&serverSelectionTimeoutMS=600000&socketTimeoutMS=86400000&heartbeatFrequencyMS=600000&maxIdleTimeMS=86400000",
        ];
        var results = await Task.WhenAll(longest.Select(async options => await ProbeAsync(new HostileInput(
            "URL",
            options,
            "",
            HostileValues.OfMongoDb(server.Port).First().Spec.DeepClone().AsObject() is var spec && spec.Remove("options") ? spec : spec,
            HashMap(("uri", new SecretText($"mongodb://127.0.0.1:{server.Port}/?{options}")))))));
        Assert.All(results, result => Assert.StartsWith("probed", result, StringComparison.Ordinal));
        await Eventually.HoldsAsync(
            () => Task.FromResult(Threads() <= before + AtOnce), seconds: 60, () => Task.FromResult($"{before} threads before, {Threads()} after"));
    }

    private static async Task VerifyAsync(string backend, Func<int, IEnumerable<HostileInput>> inputs)
    {
        var verdicts = new ConcurrentDictionary<(string Place, string Option), ConcurrentDictionary<string, string>>();
        var some = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancel };
        await Parallel.ForEachAsync(inputs(ClosedPort()), some, async (input, _) =>
        {
            var verdict = await ProbeAsync(input);
            verdicts.GetOrAdd((input.Place, input.Option), _ => []).TryAdd(input.Value, verdict.Split(' ')[0]);
        });
        var text = new StringBuilder();
        var sorted = verdicts.OrderBy(it => it.Key.Place, StringComparer.Ordinal).ThenBy(it => it.Key.Option, StringComparer.Ordinal);
        foreach (var ((place, option), byValue) in sorted)
        {
            var taken = HostileValues.All.Select(it => it.Name).Where(name => byValue[name] == "probed").ToArray();
            text.Append(place).Append(", ").Append(option).Append(": ")
                .Append(taken.Length == HostileValues.All.Length ? "any" : taken.Length == 0 ? "none" : string.Join(", ", taken)).Append('\n');
        }

        Golden.Verify(text.ToString(), $"connections/hostile-values-{backend}.txt");
    }

    /// <summary><c>refused …</c> or <c>probed …</c>.</summary>
    private static async Task<string> ProbeAsync(HostileInput input)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            var opened = SinkObject.Read(Manifest(input.Spec)).Spec.MapLeft(problems => string.Join("; ", problems)).Bind(sink =>
                AllBackends.Open(reference => new SecretData(reference, input.Secret, HashMap<string, string>()), Guard)
                    .Open(sink, Naming.Unrendered(sink)).MapLeft(failure => failure.Message));
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, ReadLimit);
            return await opened.MatchAsync(
                RightAsync: async destination =>
                {
                    await using (destination)
                        return $"probed {Said(await destination.ProbeAsync(Cancel).WaitAsync(ProbeLimit, Cancel))}";
                },
                Left: why => $"refused {Checked(why)}");
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            throw new Xunit.Sdk.XunitException($"{input} after {watch.Elapsed}: {failed}");
        }
    }

    private static string Said(ProbeResult result) => Checked(Assert.IsType<ProbeResult.Failed>(result).Failure.Message);

    /// <summary>A message is one line of limited length, without control characters and without the password.</summary>
    private static string Checked(string message)
    {
        Assert.DoesNotContain(message, char.IsControl);
        Assert.DoesNotContain("geheim", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 1, 4_000);
        return message;
    }

    private static byte[] Manifest(JsonObject spec) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["apiVersion"] = "kollect.dev/v1alpha1",
        ["kind"] = "KollectDatabaseSink",
        ["metadata"] = new JsonObject { ["name"] = "inventory", ["namespace"] = "shop" },
        ["spec"] = spec.DeepClone(),
    }.ToJsonString());

    private static int Threads()
    {
        using var own = Process.GetCurrentProcess();
        return own.Threads.Count;
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
