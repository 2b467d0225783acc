using System.Diagnostics;
using System.Globalization;
using System.Text;
using Kollect.Core.Backends.MongoDb;
using Kollect.Core.Backends.Postgres;
using Kollect.Core.Exports;
using Kollect.Core.Secrets;
using Kollect.Core.Sinks;
using Kollect.Core.Snapshots;
using Kollect.Models.V1Alpha1;
using Kollect.Shell.Backends.Dial;
using Kollect.Shell.Exports;
using Kollect.Shell.Tests.Backends.Conformance;
using Kollect.Shell.Tests.Backends.MongoDb;

namespace Kollect.Shell.Tests.Backends.Hostile;

/// <summary>A server that means harm ends nothing but its own probe: within the limit, with bounded memory, in one line that says why.</summary>
[Collection(nameof(Alone))]
public sealed class HostileServerTests
{
    private static readonly SecretRef Secret = new("shop", "hostile");

    /// <summary>The limit of a probe, what may end by itself after it, and a margin for a busy machine.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15 + 4 + 6);

    [Fact]
    public async Task Every_probe_of_a_hostile_PostgreSQL_server_ends_within_its_limit() => await CheckAsync(
        "postgres/hostile-servers.txt", PostgresAttacks.All.Select(attack => (attack.Name, "", attack.Serve)), PostgresSink);

    [Fact]
    public async Task Every_probe_of_a_hostile_MongoDB_server_ends_within_its_limit() => await CheckAsync(
        "mongodb/hostile-servers.txt", MongoDbAttacks.All, MongoDbSink);

    /// <summary>Ctrl-C, the end of the operator, and the limit of an export, which all cancel it.</summary>
    [Theory]
    [InlineData("postgres")]
    [InlineData("mongodb")]
    public async Task A_cancelled_export_to_a_hostile_server_ends(string backend)
    {
        foreach (var (name, login, serve) in Attacks(backend).Where(it => it.Name.Contains("0.2 s", StringComparison.Ordinal)))
        {
            await using var server = new HostileListener(serve);
            await using var destination = Open(backend, server, login);
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            cancel.CancelAfter(TimeSpan.FromSeconds(1));
            var watch = Stopwatch.StartNew();
            var header = new SnapshotHeader(new Scope("shop", "all", "east"), DateTimeOffset.UnixEpoch, None);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => destination.ExportAsync(
                header, AsyncEnumerable.Empty<RowOrRejection>(), dryRun: false, progress: null, cancel.Token));
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1 + 4 + 6), $"{name}: {watch.Elapsed}");
            await Eventually.HoldsAsync(() => Task.FromResult(server.Open == 0));
        }
    }

    /// <summary>Each ends within its limit, and with it gives its slot back; meanwhile the server of another sink answers at once.</summary>
    [Fact]
    public async Task Eighty_hostile_servers_at_once_end_as_soon_as_one()
    {
        var trickle = PostgresAttacks.All.Single(it => it.Name == "a notice every 0.2 s after the login").Serve;
        await using var server = new HostileListener(trickle);
        var database = await PostgresServer.CreateDatabaseAsync();
        var watch = Stopwatch.StartNew();
        var hostile = Enumerable.Range(0, 80).Select(_ => ProbeAsync(PostgresUrl(server))).ToArray();
        await Eventually.HoldsAsync(() => Task.FromResult(server.Open == hostile.Length));
        Assert.IsNotType<ProbeResult.Failed>(await ProbeAsync(database.Url()));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(14), watch.Elapsed.ToString());
        Assert.All(await Task.WhenAll(hostile), result => Assert.IsType<ProbeResult.Failed>(result));
        Assert.True(watch.Elapsed < Longest, watch.Elapsed.ToString());
        TestContext.Current.TestOutputHelper?.WriteLine($"80 hostile probes: {watch.Elapsed.TotalSeconds:0.0} s");
        await Eventually.HoldsAsync(() => Task.FromResult(server.Open == 0));
    }

    [Fact]
    public async Task A_message_of_a_server_is_one_line()
    {
        await using var server = new HostileListener(PostgresAttacks.SendEscapeSequencesAsync);
        var failure = Assert.IsType<ProbeResult.Failed>(await ProbeAsync(PostgresUrl(server))).Failure;
        Assert.StartsWith("connect: 127.0.0.1:", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(failure.Message, char.IsControl);
        Assert.EndsWith("(53300) — close connections or raise the server's or the role's connection limit", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A PostgreSQL server asks for it; a MongoDB client decides by itself.</summary>
    [Fact]
    public void A_login_in_clear_text_needs_TLS_under_the_guard()
    {
        using var silent = new SilentServer();
        var sink = new MongoDbSink(Settings, Secret, "inventory", "items");
        var url = string.Create(
            CultureInfo.InvariantCulture, $"mongodb://user:pass-of-secret@127.0.0.1:{silent.Port}/?authMechanism=PLAIN&authSource=$external");
        var refused = AllBackends.Open(_ => Data(url), Mirror.Guarded).Open(sink, sink.Location)
            .Match(Right: _ => throw new InvalidOperationException("it was opened"), Left: failure => failure);
        Assert.Equal(
            "secret: Secret shop/hostile, key url: PLAIN sends the password in clear text, and the connection has no TLS; "
            + "add tls=true, or log in by SCRAM-SHA-256",
            refused.Message);
        Assert.True(AllBackends.Open(_ => Data(url + "&tls=true"), Mirror.Guarded).Open(sink, sink.Location).IsRight);
        Assert.True(AllBackends.Open(_ => Data(url), DialGuard.Unrestricted).Open(sink, sink.Location).IsRight);
        Assert.Equal(0, silent.Connections);
    }

    private static async Task CheckAsync(
        string golden,
        IEnumerable<(string Name, string Login, Func<Stream, CancellationToken, Task> Serve)> attacks,
        Func<HostileListener, string, IDestination> open)
    {
        var text = new StringBuilder();
        foreach (var (name, login, serve) in attacks)
        {
            await using var server = new HostileListener(serve);
            await using var destination = open(server, login);
            using var memory = new PeakMemory();
            var watch = Stopwatch.StartNew();
            var failure = Assert.IsType<ProbeResult.Failed>(await destination.ProbeAsync(TestContext.Current.CancellationToken)).Failure;
            var (took, peak) = (watch.Elapsed, memory.Peak);

            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name}: {took.TotalSeconds:0.0} s, {peak / 1048576.0:0.0} MiB more at most: {failure.Message}"));
            Assert.True(took < Longest, $"{name}: {took}");
            Assert.True(peak < 256 << 20, $"{name}: {peak >> 20} MiB");
            Assert.DoesNotContain(failure.Message, char.IsControl);
            Assert.DoesNotContain("of-secret", failure.Message, StringComparison.Ordinal);
            text.Append(name).Append("\n    ").Append(failure.GetType().Name).Append("  ").Append(Mirror.WithoutPort(failure.Message)).Append('\n');
            await Eventually.HoldsAsync(() => Task.FromResult(server.Open == 0));
        }

        Assert.Equal(0, PostgresAttacks.PasswordsSent);
        Golden.Verify(text.ToString(), golden);
    }

    private static IEnumerable<(string Name, string Login, Func<Stream, CancellationToken, Task> Serve)> Attacks(string backend) =>
        backend == "postgres" ? PostgresAttacks.All.Select(attack => (attack.Name, "", attack.Serve)) : MongoDbAttacks.All;

    private static IDestination Open(string backend, HostileListener server, string login) =>
        backend == "postgres" ? PostgresSink(server, login) : MongoDbSink(server, login);

    private static IDestination PostgresSink(HostileListener server, string login) =>
        Open(new PostgresSink(Settings, Secret, "public", "items"), PostgresUrl(server));

    private static IDestination MongoDbSink(HostileListener server, string login) => Open(
        new MongoDbSink(Settings, Secret, "inventory", "items"),
        "mongodb://" + login.Replace(
            "?", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}/?serverSelectionTimeoutMS=5000&"), StringComparison.Ordinal));

    private static string PostgresUrl(HostileListener server) =>
        string.Create(CultureInfo.InvariantCulture, $"postgresql://user:pass-of-secret@127.0.0.1:{server.Port}/inventory");

    private static IDestination Open(Sink sink, string connection) => AllBackends.Open(_ => Data(connection), Mirror.Guarded).Open(sink, sink.Location)
        .Match(Right: it => it, Left: failure => throw new InvalidOperationException(failure.Message));

    private static async Task<ProbeResult> ProbeAsync(string url)
    {
        await using var destination = Open(new PostgresSink(Settings, Secret, "public", "items"), url);
        return await destination.ProbeAsync(TestContext.Current.CancellationToken);
    }

    private static SecretData Data(string connection) => new(Secret, HashMap(("url", new SecretText(connection))), HashMap<string, string>());

    private static SinkSettings Settings { get; } = new(
        "shop", "hostile", KollectDatabaseSinkMode.Ensure, None, HashMap<string, string>(), false, None, true, "", new TlsSettings(None, None, false), None);

    /// <summary>The most memory that is in use while this lives, beyond that at its start.</summary>
    private sealed class PeakMemory : IDisposable
    {
        private readonly long before = GC.GetTotalMemory(forceFullCollection: true);
        private readonly Timer timer;
        private long peak;

        public PeakMemory() => timer = new Timer(_ => Look(), null, 0, 50);

        public long Peak
        {
            get
            {
                Look();
                return Interlocked.Read(ref peak);
            }
        }

        public void Dispose() => timer.Dispose();

        private void Look()
        {
            var now = GC.GetTotalMemory(forceFullCollection: false) - before;
            if (now > Interlocked.Read(ref peak))
                Interlocked.Exchange(ref peak, now);
        }
    }
}
