using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Kollect.Shell.Tests.Backends.BigQuery;

/// <summary>The requests of a client that a hostile server tells apart.</summary>
internal enum Asked
{
    /// <summary>A token (RFC 7523).</summary>
    Token,

    /// <summary><c>datasets.get</c>.</summary>
    Dataset,

    /// <summary><c>tables.get</c>.</summary>
    Table,

    /// <summary><c>tables.insert</c>, <c>tables.delete</c>.</summary>
    ChangedTable,

    /// <summary><c>jobs.insert</c>.</summary>
    Job,

    /// <summary><c>jobs.get</c>.</summary>
    JobState,

    /// <summary><c>jobs.query</c>, <c>jobs.getQueryResults</c>.</summary>
    Query,

    /// <summary><c>jobs.insert</c> with media.</summary>
    Upload,
}

/// <summary>
/// An HTTP/1.1 server that answers one kind of request as it likes and all others as BigQuery does (REST v2 reference: Dataset, Table, Job, QueryResponse;
/// RFC 6749, 5.1). It writes bytes, not messages, because a hostile server keeps to no protocol.
/// </summary>
internal sealed class HostileBigQuery : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<(Asked What, string Head)> requests = new();
    private readonly Dictionary<Asked, Func<Reply, Task>> answers = [];
    private readonly Task loop;
    private long sent;

    public HostileBigQuery()
    {
        answers[Asked.Token] = reply => reply.JsonAsync("""{"access_token":"token-of-secret","expires_in":3600,"token_type":"Bearer"}""");
        answers[Asked.Dataset] = reply => reply.JsonAsync("""{"kind":"bigquery#dataset","location":"EU"}""");
        answers[Asked.Table] = reply => reply.JsonAsync(TableResource);
        answers[Asked.ChangedTable] = answers[Asked.Table];
        answers[Asked.Job] = reply => reply.JsonAsync(DoneJob);
        answers[Asked.JobState] = answers[Asked.Job];
        answers[Asked.Query] = reply => reply.JsonAsync("""{"jobComplete":true,"jobReference":{"jobId":"j"}}""");
        answers[Asked.Upload] = answers[Asked.Job];
        listener.Start();
        loop = AcceptAsync();
    }

    /// <summary>Answers one kind of request in another way from now on.</summary>
    public Func<Reply, Task> this[Asked what]
    {
        set => answers[what] = value;
    }

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

    /// <summary>Bytes that clients have taken so far, and what still lies in the buffers of the sockets.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Connections that are open now.</summary>
    public int Connections => connections;

    /// <summary>Requests so far.</summary>
    public IReadOnlyCollection<(Asked What, string Head)> Requests => requests;

    private int connections;

    /// <summary>A Job resource of a DML statement.</summary>
    public static string DoneJob { get; } =
        """{"jobReference":{"jobId":"j"},"status":{"state":"DONE"},"statistics":{"query":{"dmlStats":{"insertedRowCount":"1"}}}}""";

    /// <summary>A Table resource with the columns of the tests' own tables.</summary>
    public static string TableResource { get; } = new JsonObject
    {
        ["type"] = "TABLE",
        ["schema"] = new JsonObject { ["fields"] = new JsonArray(Conformance.BigQueryMirror.Columns()) },
        ["creationTime"] = "1795393800000",
    }.ToJsonString();

    /// <summary>The text of a key whose token endpoint is this server.</summary>
    public string Credentials()
    {
        using var key = RSA.Create(2_048);
        return new JsonObject
        {
            ["type"] = "service_account",
            ["client_email"] = "user-of-secret@kollect-test.iam.gserviceaccount.com",
            ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
            ["token_uri"] = new Uri(Url, "token").AbsoluteUri,
        }.ToJsonString();
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await loop;
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(ServeAsync(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient accepted)
    {
        Interlocked.Increment(ref connections);
        using (accepted)
            try
            {
                var stream = new BufferedStream(accepted.GetStream());
                while (await HeadAsync(stream) is { Length: > 0 } head)
                {
                    await SkipBodyAsync(stream, head);
                    var what = Kind(head);
                    requests.Enqueue((what, head));
                    await answers[what](new Reply(stream, count => Interlocked.Add(ref sent, count), stop.Token));
                    await stream.FlushAsync(stop.Token);
                }
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or ObjectDisposedException or EndOfStreamException)
            {
                // The client has closed the connection, or the test ends.
            }
            finally
            {
                Interlocked.Decrement(ref connections);
            }
    }

    private static Asked Kind(string head)
    {
        var (method, path) = (head.Split(' ')[0], head.Split(' ')[1]);
        return path switch
        {
            _ when path.StartsWith("/token", StringComparison.Ordinal) => Asked.Token,
            _ when path.StartsWith("/upload", StringComparison.Ordinal) => Asked.Upload,
            _ when path.Contains("/queries", StringComparison.Ordinal) => Asked.Query,
            _ when path.Contains("/jobs", StringComparison.Ordinal) => method == "POST" ? Asked.Job : Asked.JobState,
            _ when path.Contains("/tables", StringComparison.Ordinal) => method == "GET" ? Asked.Table : Asked.ChangedTable,
            _ => Asked.Dataset,
        };
    }

    private async Task<string> HeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stop.Token) == 0)
                return "";
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task SkipBodyAsync(Stream stream, string head)
    {
        if (Header(head, "Transfer-Encoding") == "chunked")
        {
            while (int.Parse((await LineAsync(stream)).Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var length)
                await stream.ReadExactlyAsync(new byte[length + 2], stop.Token);
            await LineAsync(stream);
        }
        else if (Header(head, "Content-Length") is { Length: > 0 } length)
            await stream.ReadExactlyAsync(new byte[int.Parse(length, CultureInfo.InvariantCulture)], stop.Token);
    }

    private async Task<string> LineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, stop.Token);
            line.Append((char)one[0]);
        }

        return line.ToString().TrimEnd();
    }

    private static string Header(string head, string name) => head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault("");
}

/// <summary>Writes one answer.</summary>
/// <param name="count">Called with the bytes that were written.</param>
/// <param name="cancel">The test ends.</param>
internal sealed class Reply(Stream to, Action<int> count, CancellationToken cancel)
{
    private static readonly TimeSpan Drop = TimeSpan.FromMilliseconds(200);

    /// <summary>Bytes as they are.</summary>
    public async Task RawAsync(ReadOnlyMemory<byte> bytes)
    {
        await to.WriteAsync(bytes, cancel);
        await to.FlushAsync(cancel);
        count(bytes.Length);
    }

    public Task RawAsync(string text) => RawAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>A whole answer.</summary>
    /// <param name="status">Such as <c>200 OK</c>.</param>
    /// <param name="headers">Further ones, each ending with CRLF.</param>
    public async Task WholeAsync(string status, string type, byte[] body, string headers = "")
    {
        await RawAsync(string.Create(
            CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {body.Length}\r\n{headers}\r\n"));
        await RawAsync(body);
    }

    public Task JsonAsync(string json, string status = "200 OK") => WholeAsync(status, "application/json; charset=UTF-8", Encoding.UTF8.GetBytes(json));

    public Task PageAsync(string status, string page) => WholeAsync(status, "text/html", Encoding.UTF8.GetBytes(page));

    public Task RedirectAsync(string status, string target) => WholeAsync(status, "text/plain", [], $"Location: {target}\r\n");

    /// <summary>A body without an end, as fast as the client takes it.</summary>
    /// <param name="head">Status and headers; the body is chunked.</param>
    /// <param name="part">Repeated.</param>
    public async Task EndlessAsync(string head, string part)
    {
        await RawAsync(head);
        var chunk = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(part, 65_536 / part.Length)));
        while (true)
        {
            await RawAsync(string.Create(CultureInfo.InvariantCulture, $"{chunk.Length:x}\r\n"));
            await RawAsync(chunk);
            await RawAsync("\r\n");
        }
    }

    /// <summary>Headers without an end, as fast as the client takes them.</summary>
    public async Task EndlessHeadersAsync()
    {
        await RawAsync("HTTP/1.1 200 OK\r\n");
        while (true)
            await RawAsync("X-Header: " + new string('x', 1_000) + "\r\n");
    }

    /// <summary>The head at once, then a part every 0.2 s without an end.</summary>
    public async Task TrickleAsync(string head, string part)
    {
        await RawAsync(head);
        while (true)
        {
            await Task.Delay(Drop, cancel);
            await RawAsync(part);
        }
    }
}
