using System.Text;
using static Kollect.Shell.Tests.Backends.Hostile.PostgresMessages;

namespace Kollect.Shell.Tests.Backends.Hostile;

/// <summary>What a PostgreSQL server may do to whoever connects to it.</summary>
internal static class PostgresAttacks
{
    private static readonly byte[] Zeros = new byte[64 << 10];

    /// <summary>ParseComplete, BindComplete, and a RowDescription of one column, whose type is text (OID 25).</summary>
    private static readonly byte[] RowsOfOneText =
    [
        .. Message('1', []), .. Message('2', []),
        .. Message('T', [0, 1, (byte)'t', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0]),
    ];

    public static (string Name, Func<Stream, CancellationToken, Task> Serve)[] All { get; } =
    [
        ("a notice every 0.2 s before the login", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await TrickleAsync(stream, Notice(""), cancel);
        }),
        ("a notice every 0.2 s after the login", async (stream, cancel) =>
        {
            await LogInAsync(stream, cancel);
            await TrickleAsync(stream, Notice(""), cancel);
        }),
        ("one byte every 0.2 s", (stream, cancel) => TrickleAsync(stream, [(byte)'N'], cancel)),
        ("silence after the login", async (stream, cancel) =>
        {
            await LogInAsync(stream, cancel);
            await HostileListener.UntilClosedAsync(stream, cancel);
        }),
        ("endless notices", async (stream, cancel) =>
        {
            await LogInAsync(stream, cancel);
            await FloodAsync(stream, Notice("more"), cancel);
        }),
        ("endless notices before the login", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await FloodAsync(stream, Notice("more"), cancel);
        }),
        ("endless parameters", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await stream.WriteAsync(AuthenticationOk, cancel);
            for (var i = 0; ; i++)
                await stream.WriteAsync(Parameter($"name-{i}", "value"), cancel);
        }),
        ("an error of 400 MB at the login", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await SendHugeAsync(stream, 'E', 400_000_000, cancel);
        }),
        ("an error of 400 MB after the login", async (stream, cancel) =>
        {
            await LogInAsync(stream, cancel);
            await SendHugeAsync(stream, 'E', 400_000_000, cancel);
        }),
        ("the header of a row of 2 GB, and nothing more", async (stream, cancel) =>
        {
            await LogInAsync(stream, cancel);
            await stream.WriteAsync(Header('D', int.MaxValue - 64), cancel);
            await HostileListener.UntilClosedAsync(stream, cancel);
        }),
        ("a row of 400 MB", async (stream, cancel) =>
        {
            await LogInAsync(stream, cancel);
            await AnswerWithRowsAsync(stream, cancel);
            await SendHugeAsync(stream, 'D', 400_000_000, cancel);
        }),
        ("endless rows", async (stream, cancel) =>
        {
            await LogInAsync(stream, cancel);
            await AnswerWithRowsAsync(stream, cancel);
            await FloodAsync(stream, Row("x"), cancel);
        }),
        ("asks for the password in clear text", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await stream.WriteAsync(ClearTextPassword, cancel);
            await ExpectNoPasswordAsync(stream, cancel);
        }),
        ("asks for the password as MD5", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await stream.WriteAsync(Md5Password, cancel);
            await ExpectNoPasswordAsync(stream, cancel);
        }),
        ("asks for 2 billion rounds of hashing", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await stream.WriteAsync(Sasl, cancel);
            var (_, first) = await ReadMessageAsync(stream, cancel);
            var text = Encoding.UTF8.GetString(first);
            var nonce = text[(text.IndexOf("r=", StringComparison.Ordinal) + 2)..];
            await stream.WriteAsync(Message('R', [.. Int32(11), .. Encoding.UTF8.GetBytes($"r={nonce}more,s=c2FsdA==,i=2147483647")]), cancel);
            await HostileListener.UntilClosedAsync(stream, cancel);
        }),
        ("a login of another protocol", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await stream.WriteAsync(Message('R', Int32(99)), cancel);
            await HostileListener.UntilClosedAsync(stream, cancel);
        }),
        ("rows of another shape", async (stream, cancel) =>
        {
            await ReadStartupAsync(stream, cancel);
            await stream.WriteAsync(LoggedIn, cancel);
            while (true)
                switch ((await ReadMessageAsync(stream, cancel)).Type)
                {
                    case 'Q':
                        await stream.WriteAsync((byte[])[.. Message('C', "BEGIN\0"u8), .. Message('Z', "T"u8)], cancel);
                        break;
                    case 'S':
                        await stream.WriteAsync(
                            (byte[])[.. RowsOfOneText, .. Row("x"), .. Message('C', "SELECT 1\0"u8), .. Message('Z', "T"u8)], cancel);
                        break;
                }
        }),
    ];

    public static async Task SendEscapeSequencesAsync(Stream stream, CancellationToken cancel)
    {
        await ReadStartupAsync(stream, cancel);
        await stream.WriteAsync(Error("53300", "busy\u001b[2J\u001b]0;owned\u0007\r\n\u202eli\u0085ne"), cancel);
    }

    /// <summary>Passwords that were sent to a server that must not get one.</summary>
    public static int PasswordsSent { get; private set; }

    private static async Task LogInAsync(Stream stream, CancellationToken cancel)
    {
        await ReadStartupAsync(stream, cancel);
        await stream.WriteAsync(LoggedIn, cancel);
        await ReadMessageAsync(stream, cancel);
    }

    /// <summary>BEGIN is done, and the rows of the first statement begin: a column of type text.</summary>
    private static Task AnswerWithRowsAsync(Stream stream, CancellationToken cancel) => stream.WriteAsync(
        (byte[])[.. Message('C', "BEGIN\0"u8), .. Message('Z', "T"u8), .. RowsOfOneText], cancel).AsTask();

    private static async Task ExpectNoPasswordAsync(Stream stream, CancellationToken cancel)
    {
        await ReadMessageAsync(stream, cancel);
        PasswordsSent++;
    }

    private static async Task TrickleAsync(Stream stream, byte[] message, CancellationToken cancel)
    {
        while (true)
        {
            await stream.WriteAsync(message, cancel);
            await Task.Delay(200, cancel);
        }
    }

    private static async Task FloodAsync(Stream stream, byte[] message, CancellationToken cancel)
    {
        var many = Enumerable.Repeat(message, 1_000).SelectMany(it => it).ToArray();
        while (true)
            await stream.WriteAsync(many, cancel);
    }

    private static async Task SendHugeAsync(Stream stream, char type, int bodyBytes, CancellationToken cancel)
    {
        await stream.WriteAsync(Header(type, bodyBytes), cancel);
        for (var sent = 0; sent < bodyBytes; sent += Zeros.Length)
            await stream.WriteAsync(Zeros, cancel);
    }
}
