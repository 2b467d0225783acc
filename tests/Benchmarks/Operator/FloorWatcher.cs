using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Kollect.Benchmarks.Operator;

/// <summary>
/// The least that a mirror of a cluster can do: lists each kind once, then watches, and writes one upsert or delete per event by prepared
/// statements on one kept connection. It repairs nothing, skips nothing and does not survive the end of a watch.
/// </summary>
internal sealed class FloorWatcher : IDisposable
{
    private const string Create =
        $"""
        CREATE TABLE IF NOT EXISTS {Contestant.Table} (
            inventory_namespace text NOT NULL, inventory_name text NOT NULL, target_name text NOT NULL, source_uid text NOT NULL,
            cluster text NOT NULL DEFAULT '', resource_namespace text NOT NULL DEFAULT '', payload jsonb NOT NULL, exported_at timestamptz NOT NULL,
            PRIMARY KEY (inventory_namespace, inventory_name, target_name, source_uid))
        """;

    private const string Upsert =
        $"""
        INSERT INTO {Contestant.Table} VALUES ('default', 'all', $1, $2, 'bench', $3, $4, now())
        ON CONFLICT (inventory_namespace, inventory_name, target_name, source_uid)
        DO UPDATE SET resource_namespace = excluded.resource_namespace, payload = excluded.payload, exported_at = excluded.exported_at
        """;

    private const string Delete =
        $"DELETE FROM {Contestant.Table} WHERE inventory_namespace = 'default' AND inventory_name = 'all' AND target_name = $1 AND source_uid = $2";

    private readonly HttpClient http;
    private readonly NpgsqlConnection connection;
    private readonly SemaphoreSlim turn = new(1);

    private FloorWatcher(HttpClient http, NpgsqlConnection connection) => (this.http, this.connection) = (http, connection);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="kubeconfig">Path of a kubeconfig in JSON, with a token and the data of an authority.</param>
    public static async Task RunAsync(string kubeconfig, string connectionString, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancel);
        await using (var create = new NpgsqlCommand(Create, connection))
            await create.ExecuteNonQueryAsync(cancel);
        using var watcher = new FloorWatcher(await ClientAsync(kubeconfig, cancel), connection);
        var versions = new List<string>();
        foreach (var (_, target, group) in Population.Kinds)
            versions.Add(await watcher.ListAsync(target, group, cancel));
        try
        {
            await Task.WhenAll(Population.Kinds.Select((it, index) => watcher.WatchAsync(it.Target, it.Group, versions[index], cancel)));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The end of a watcher that nothing else ends.
        }
    }

    public void Dispose()
    {
        http.Dispose();
        turn.Dispose();
    }

    private static async Task<HttpClient> ClientAsync(string kubeconfig, CancellationToken cancel)
    {
        using var config = JsonDocument.Parse(await File.ReadAllBytesAsync(kubeconfig, cancel));
        var cluster = config.RootElement.GetProperty("clusters")[0].GetProperty("cluster");
        var authority = X509CertificateLoader.LoadCertificate(X509Certificate2.CreateFromPem(
            System.Text.Encoding.UTF8.GetString(cluster.GetProperty("certificate-authority-data").GetBytesFromBase64())).RawData);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
        };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri(cluster.GetProperty("server").GetString()!),
            DefaultRequestVersion = HttpVersion.Version20,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestHeaders =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Bearer", config.RootElement.GetProperty("users")[0].GetProperty("user").GetProperty("token").GetString()),
            },
        };
    }

    private static string Path(string target, string group) => group == "" ? $"/api/v1/{target}" : $"/apis/{group}/v1/{target}";

    /// <summary>Writes all objects, one transaction per page; the version of the list.</summary>
    private async Task<string> ListAsync(string target, string group, CancellationToken cancel)
    {
        for (var next = ""; ;)
        {
            using var page = JsonDocument.Parse(await http.GetByteArrayAsync(
                new Uri($"{Path(target, group)}?limit=500&continue={Uri.EscapeDataString(next)}", UriKind.Relative), cancel));
            await using (var batch = new NpgsqlBatch(connection))
            {
                foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
                    batch.BatchCommands.Add(Row(new NpgsqlBatchCommand(Upsert), target, item));
                if (batch.BatchCommands.Count > 0)
                    await batch.ExecuteNonQueryAsync(cancel);
            }

            var metadata = page.RootElement.GetProperty("metadata");
            next = metadata.TryGetProperty("continue", out var more) ? more.GetString()! : "";
            if (next == "")
                return metadata.GetProperty("resourceVersion").GetString()!;
        }
    }

    private async Task WatchAsync(string target, string group, string version, CancellationToken cancel)
    {
        await using var upsert = await PreparedAsync(Upsert, cancel, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Jsonb);
        await using var delete = await PreparedAsync(Delete, cancel, NpgsqlDbType.Text, NpgsqlDbType.Text);
        await using var stream = await http.GetStreamAsync(
            new Uri($"{Path(target, group)}?watch=true&resourceVersion={version}", UriKind.Relative), cancel);
        var reader = PipeReader.Create(stream);
        while (await reader.ReadAsync(cancel) is var read && !(read.IsCompleted && read.Buffer.IsEmpty))
        {
            var rest = read.Buffer;
            for (; rest.PositionOf((byte)'\n') is { } end; rest = rest.Slice(rest.GetPosition(1, end)))
                await WriteAsync(rest.Slice(0, end), target, upsert, delete, cancel);
            reader.AdvanceTo(rest.Start, rest.End);
        }
    }

    private async Task WriteAsync(
        ReadOnlySequence<byte> line, string target, NpgsqlCommand upsert, NpgsqlCommand delete, CancellationToken cancel)
    {
        using var happened = JsonDocument.Parse(line);
        var item = happened.RootElement.GetProperty("object");
        var type = happened.RootElement.GetProperty("type").GetString();
        if (type is not ("ADDED" or "MODIFIED" or "DELETED"))
            return;
        await turn.WaitAsync(cancel);
        try
        {
            var command = type == "DELETED" ? delete : upsert;
            command.Parameters[0].Value = target;
            command.Parameters[1].Value = Uid(item);
            if (command == upsert)
            {
                command.Parameters[2].Value = Namespace(item);
                command.Parameters[3].Value = Payload(target, item);
            }

            await command.ExecuteNonQueryAsync(cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<NpgsqlCommand> PreparedAsync(string sql, CancellationToken cancel, params NpgsqlDbType[] types)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var command = new NpgsqlCommand(sql, connection);
            foreach (var type in types)
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
            await command.PrepareAsync(cancel);
            return command;
        }
        finally
        {
            turn.Release();
        }
    }

    private static NpgsqlBatchCommand Row(NpgsqlBatchCommand command, string target, JsonElement item)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = target });
        command.Parameters.Add(new NpgsqlParameter { Value = Uid(item) });
        command.Parameters.Add(new NpgsqlParameter { Value = Namespace(item) });
        command.Parameters.Add(new NpgsqlParameter { Value = Payload(target, item), NpgsqlDbType = NpgsqlDbType.Jsonb });
        return command;
    }

    private static string Uid(JsonElement item) => item.GetProperty("metadata").GetProperty("uid").GetString()!;

    private static string Namespace(JsonElement item) => item.GetProperty("metadata").GetProperty("namespace").GetString()!;

    /// <summary>The item as Kollect exports it: the object without <c>managedFields</c>.</summary>
    private static byte[] Payload(string target, JsonElement item)
    {
        var (bytes, metadata) = (new ArrayBufferWriter<byte>(2048), item.GetProperty("metadata"));
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("targetName", target);
            json.WriteString("namespace", Namespace(item));
            json.WriteString("name", metadata.GetProperty("name").GetString());
            json.WriteString("uid", Uid(item));
            json.WriteStartObject("attributes");
            json.WriteStartObject("resource");
            foreach (var field in item.EnumerateObject().Where(it => it.Name != "metadata"))
                field.WriteTo(json);
            json.WriteStartObject("metadata");
            foreach (var field in metadata.EnumerateObject().Where(it => it.Name != "managedFields"))
                field.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
