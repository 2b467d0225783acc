using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Kollect.Host.Demo;

/// <summary>Options of <see cref="PrivatePostgres"/>.</summary>
internal sealed record PrivatePostgresOptions
{
    /// <summary>Server parameters besides the defaults, in the form of <c>postgresql.conf</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>No PostgreSQL server is installed; the message says how to install one.</summary>
internal sealed class PostgresNotInstalledException() : Exception(
    "PostgreSQL is not installed: no /usr/lib/postgresql/*/bin/initdb; run: apt-get install postgresql");

/// <summary>
/// A private PostgreSQL server: in a temporary folder, on a free port of 127.0.0.1, with a random password; removed when disposed.
/// PostgreSQL refuses to run as root; a process of root starts it as <c>postgres</c> (or <c>nobody</c>).
/// </summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const string Installed = "/usr/lib/postgresql";

    private readonly string folder;
    private readonly Dictionary<string, string> settings;

    private PrivatePostgres(string folder, string binFolder, Dictionary<string, string> settings)
    {
        this.folder = folder;
        this.settings = settings;
        BinFolder = binFolder;
        Password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));
    }

    /// <summary>Folder of the programs of the newest installed version.</summary>
    public string BinFolder { get; }

    /// <summary>TCP port on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Folder of the unix socket, and of the cluster below it.</summary>
    public string SocketFolder => folder;

    /// <summary>Path of the server's log.</summary>
    public string LogFile => Path.Combine(folder, "log");

    /// <summary>Name of the superuser; its password is <see cref="Password"/>.</summary>
    public string Superuser => "kollect";

    /// <summary>Random for each server.</summary>
    public string Password { get; }

    /// <summary>Process id of the server.</summary>
    public int Pid => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private string Data => Path.Combine(folder, "data");

    /// <summary>Finds the folder of the programs; null = PostgreSQL is not installed.</summary>
    public static string? FindBinFolder() => !Directory.Exists(Installed)
        ? null
        : Directory.EnumerateDirectories(Installed)
            .Where(version => File.Exists(Path.Combine(version, "bin", "initdb")))
            .OrderByDescending(version => double.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault();

    /// <summary>Creates a cluster and starts it; it accepts connections when this returns.</summary>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, CancellationToken cancel)
    {
        var bin = FindBinFolder() ?? throw new PostgresNotInstalledException();

        // The path of a unix socket has at most 107 bytes (sun_path), so the folder is directly below the temporary folder.
        var folder = Directory.CreateTempSubdirectory("kollect-pg-").FullName;
        var server = new PrivatePostgres(folder, bin, new Dictionary<string, string>(options.Settings));
        try
        {
            await server.InitializeAsync(cancel);
            await server.StartAsync(cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a stopped server again, on the same port.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = Port == 0 || attempt > 1 ? FreePort() : Port;
            var flags = $"-p {Port} -k {folder} -c listen_addresses=127.0.0.1"
                        + string.Concat(settings.Select(setting => $" -c {setting.Key}={setting.Value}"));
            var (exit, output) = await RunAsync("pg_ctl", ["-D", Data, "-l", LogFile, "-w", "-t", "60", "-o", flags, "start"], cancel);
            if (exit == 0)
                return;

            // Another process may have taken the free port meanwhile.
            var log = File.Exists(LogFile) ? await File.ReadAllTextAsync(LogFile, cancel) : "";
            if (attempt == 3 || !log.Contains("Address already in use", StringComparison.Ordinal))
                throw new InvalidOperationException($"pg_ctl start failed with exit code {exit}: {output}\n{log}");
        }
    }

    /// <summary>Stops the server and keeps its data.</summary>
    /// <param name="mode">Mode of pg_ctl: <c>smart</c>, <c>fast</c> or <c>immediate</c> (like a crash).</param>
    public Task StopAsync(string mode, CancellationToken cancel) =>
        RunAsync("pg_ctl", ["-D", Data, "-w", "-m", mode, "stop"], cancel);

    /// <summary>Stops the server and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
            await StopAsync("immediate", CancellationToken.None);
        await DeleteFolderAsync();
    }

    /// <summary>Retries: a process of a crashed server may still write a file while the folder is deleted.</summary>
    private async Task DeleteFolderAsync()
    {
        for (var attempt = 1; Directory.Exists(folder); attempt++)
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (attempt < 20)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
    }

    private async Task InitializeAsync(CancellationToken cancel)
    {
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, Password, cancel);
        if (Environment.IsPrivilegedProcess)
            await RunPlainAsync("chown", ["-R", Account(), folder], cancel);

        string[] arguments = ["-D", Data, "-E", "UTF8", "--locale=C.UTF-8", "-U", Superuser, "-A", "scram-sha-256", "--pwfile", passwordFile];
        var (exit, output) = await RunAsync("initdb", arguments, cancel);
        File.Delete(passwordFile);
        if (exit != 0)
            throw new InvalidOperationException($"initdb failed with exit code {exit}: {output}");
    }

    private Task<(int Exit, string Output)> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        var path = Path.Combine(BinFolder, program);
        return Environment.IsPrivilegedProcess
            ? RunPlainAsync("setpriv", ["--reuid", Account(), "--regid", Group(), "--clear-groups", path, .. arguments], cancel)
            : RunPlainAsync(path, arguments, cancel);
    }

    private static string Account() => AccountLine() is { } line ? line.Split(':')[0] : "nobody";

    private static string Group() => AccountLine() is { } line ? line.Split(':')[3] : "65534";

    private static string? AccountLine() =>
        File.ReadLines("/etc/passwd").FirstOrDefault(line => line.StartsWith("postgres:", StringComparison.Ordinal));

    private async Task<(int Exit, string Output)> RunPlainAsync(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        // The server inherits standard output and would keep a pipe open as long as it runs; so the output goes to a file.
        var output = Path.Combine(Path.GetTempPath(), Path.GetFileName(folder) + ".out");
        var quoted = string.Join(' ', arguments.Prepend(program).Select(argument => $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {quoted} >'{output}' 2>&1 </dev/null"])
        {
            WorkingDirectory = "/",
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        await process.WaitForExitAsync(cancel);
        var text = await File.ReadAllTextAsync(output, cancel);
        File.Delete(output);
        return (process.ExitCode, text);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
