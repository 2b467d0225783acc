using System.CommandLine;
using System.Diagnostics;
using Kollect.Host.Demo;
using Cli = System.CommandLine;

namespace Kollect.Host.Commands;

/// <summary><c>kollect demo</c>: runs the other commands against a private server.</summary>
internal static class DemoCommand
{
    private static readonly Cli.Option<bool> Keep = new("--keep")
    {
        Description = "Keep the server running and the files, and print their locations.",
    };

    public static Command Create()
    {
        var command = new Command(
            "demo",
            """
            Plan and export twice on a private PostgreSQL, and show the rows.
            It needs nothing configured: the server is started for the demo, and stopped after it.

            Examples:
              kollect demo
              kollect demo --keep

            Exit codes: 0 shown, 1 no PostgreSQL is installed, or a step failed.
            """)
        {
            Keep,
        };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(Keep), cancel));
        return command;
    }

    private static async Task<int> RunAsync(bool keep, CancellationToken cancel)
    {
        PrivatePostgres server;
        try
        {
            Console.WriteLine("Starting a private PostgreSQL …");
            server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(), cancel);
        }
        catch (PostgresNotInstalledException missing)
        {
            Output.Terminal.Error(missing.Message);
            return ExitCode.Refused;
        }

        var folder = Directory.CreateTempSubdirectory("kollect-demo-").FullName;
        var isKept = false;
        try
        {
            var exit = await ShowAsync(server, folder, cancel);
            if (keep)
            {
                Console.WriteLine($"\nThe server keeps running: psql -h 127.0.0.1 -p {server.Port} -U {server.Superuser} postgres");
                Console.WriteLine($"Files, and its password: {folder}\nIts folder: {server.SocketFolder}\nStop it: kill {server.Pid}");
                isKept = true;
            }

            return exit;
        }
        finally
        {
            // After Ctrl-C nobody knows where the server is, so it is not kept.
            if (!isKept)
            {
                await server.DisposeAsync();
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<int> ShowAsync(PrivatePostgres server, string folder, CancellationToken cancel)
    {
        foreach (var file in new[] { "sink.yaml", "monday.ndjson", "tuesday.ndjson" })
            await File.WriteAllTextAsync(Path.Combine(folder, file), Resource.Read($"demo/{file}"), cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "secret.yaml"), Secret(server), cancel);

        string At(string file) => Path.Combine(folder, file);
        string[] manifests = ["-f", At("sink.yaml"), "-f", At("secret.yaml")];
        string[][] commands =
        [
            ["validate", .. manifests],
            ["plan", .. manifests],
            ["export", .. manifests, "--inventory", "platform/all", "--items", At("monday.ndjson")],
            ["export", .. manifests, "--inventory", "platform/all", "--items", At("tuesday.ndjson")],
        ];
        foreach (var command in commands)
        {
            Console.WriteLine($"\n$ kollect {string.Join(' ', command).Replace(folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)}");
            if (await CommandLine.RunAsync(command) is not ExitCode.Done and var exit)
                return exit;
        }

        return await ShowRowsAsync(server, cancel);
    }

    private static async Task<int> ShowRowsAsync(PrivatePostgres server, CancellationToken cancel)
    {
        const string Rows =
            """
            SELECT target_name, payload->>'name' AS name, payload->'attributes'->>'replicas' AS replicas, cluster,
                   exported_at::timestamptz(0)
            FROM inventory_items ORDER BY target_name, name
            """;
        Console.WriteLine($"\n$ psql -c \"{Rows}\"");
        var start = new ProcessStartInfo(
            Path.Combine(server.BinFolder, "psql"),
            ["-X", "-P", "pager=off", "-h", server.SocketFolder, "-p", $"{server.Port}", "-U", server.Superuser, "-d", "postgres", "-c", Rows])
        {
            Environment = { ["PGPASSWORD"] = server.Password },
        };
        using var psql = Process.Start(start) ?? throw new InvalidOperationException("psql did not start");
        await psql.WaitForExitAsync(cancel);
        return psql.ExitCode;
    }

    private static string Secret(PrivatePostgres server) =>
        $"""
        apiVersion: v1
        kind: Secret
        metadata:
          name: demo-dsn
          namespace: default
        stringData:
          url: postgresql://{server.Superuser}:{server.Password}@127.0.0.1:{server.Port}/postgres

        """;
}
