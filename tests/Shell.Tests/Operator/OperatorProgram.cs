using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kollect.Shell.Tests.Kubernetes;
using Kollect.Shell.Tests.Program;

namespace Kollect.Shell.Tests.Operator;

/// <summary><c>kollect operator</c> as a process of its own, with everything on 127.0.0.1.</summary>
internal sealed class OperatorProgram : IAsyncDisposable
{
    private readonly Process process;
    private readonly TemporaryFolder folder;
    private readonly ConcurrentQueue<string> log = new();
    private readonly HttpClient http;

    private OperatorProgram(Process process, TemporaryFolder folder, int httpPort, int webhookPort)
    {
        (this.process, this.folder, WebhookPort) = (process, folder, webhookPort);
        http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{httpPort}/")) };
        process.OutputDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public int WebhookPort { get; }

    /// <summary>The webhook's folder of tls.crt and tls.key.</summary>
    public string CertificateFolder => folder.Path;

    public string AuthorityPem { get; private set; } = "";

    public IReadOnlyCollection<string> Log => log;

    /// <summary>Peak resident memory so far, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the operator and waits until it is ready.</summary>
    /// <param name="kubeconfig">Path of a file.</param>
    /// <param name="webhookPort">0 = without the webhook.</param>
    /// <param name="arguments">Further options of <c>kollect operator</c>.</param>
    public static Task<OperatorProgram> StartAsync(string kubeconfig, int webhookPort = 0, params string[] arguments)
    {
        var folder = new TemporaryFolder();
        var authority = TestCertificates.Write(folder.Path);
        File.Move(folder.At("server.pem"), folder.At("tls.crt"));
        File.Move(folder.At("server.key"), folder.At("tls.key"));
        return StartAsync(folder, authority, kubeconfig, webhookPort, "readyz", arguments);
    }

    /// <summary>Starts the operator as an administrator, without the webhook, for the namespaces of the test.</summary>
    public static async Task<OperatorProgram> StartAsync(KubernetesServer server, params string[] arguments)
    {
        var (kubeconfig, @namespace) = await server.ScopeAsync();
        return await StartAsync(kubeconfig, 0, @namespace.Length == 0 ? arguments : [.. arguments, "--namespace", @namespace]);
    }

    /// <summary>Starts the HTTP endpoints alone and waits until they are alive: no API server answers, and the certificate folder is empty.</summary>
    public static Task<OperatorProgram> StartAloneAsync(int webhookPort)
    {
        var folder = new TemporaryFolder();
        var kubeconfig = folder.Write("kubeconfig", UnreachableServer.Kubeconfig);
        return StartAsync(folder, "", kubeconfig, webhookPort, "healthz", "--leader-election", "false");
    }

    /// <summary>Starts the operator and waits until it is alive; it may never be ready.</summary>
    public static Task<OperatorProgram> StartAliveAsync(string kubeconfig, int webhookPort, params string[] arguments) =>
        StartAsync(new TemporaryFolder(), "", kubeconfig, webhookPort, "healthz", arguments);

    private static async Task<OperatorProgram> StartAsync(
        TemporaryFolder folder, string authority, string kubeconfig, int webhookPort, string until, params string[] arguments)
    {
        var httpPort = FreePort();
        var process = Program.Kollect.Start(
        [
            "operator", "--kubeconfig", kubeconfig, "--http-port", Text(httpPort), "--webhook-port", Text(webhookPort), "--webhook-cert-dir", folder.Path,
            "--allow-loopback-sinks", .. arguments,
        ]);
        var program = new OperatorProgram(process, folder, httpPort, webhookPort) { AuthorityPem = authority };
        var watch = Stopwatch.StartNew();
        while (!await program.IsOkAsync(until))
        {
            Assert.False(process.HasExited || watch.Elapsed > TimeSpan.FromSeconds(20), string.Join('\n', program.log));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return program;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Client of the plain port: health, readiness and metrics.</summary>
    public HttpClient Http => http;

    /// <summary>The body of a GET on the plain port; throws unless the status is 2xx.</summary>
    public Task<string> GetAsync(string path) => http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

    /// <summary>Sends SIGTERM and waits for the end; returns how long that took, and the exit code.</summary>
    public async Task<(TimeSpan Time, int ExitCode)> StopAsync()
    {
        var watch = Stopwatch.StartNew();
        await SignalAsync("TERM");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (watch.Elapsed, process.ExitCode);
    }

    /// <summary>
    /// Sends a signal, e.g. <c>TERM</c>. <c>STOP</c> and <c>CONT</c> suspend and resume the process, which does not notice the time in between, as on an
    /// overloaded node.
    /// </summary>
    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Text(process.Id)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        http.Dispose();
        folder.Dispose();
    }

    private async Task<bool> IsOkAsync(string path)
    {
        try
        {
            return await GetAsync(path) == "ok\n";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
