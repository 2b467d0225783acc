using Kollect.Core.Failures;

namespace Kollect.Shell.Backends.Dial;

/// <summary>The connections of one destination: bounds what the server sends, and closes them whatever the driver does.</summary>
internal sealed class ServerConnections
{
    private readonly Lock gate = new();
    private readonly System.Collections.Generic.HashSet<IDisposable> open = [];
    private readonly CancellationTokenSource closed = new();
    private long allowed = ServerLimits.AnswerBytes;
    private long left = ServerLimits.AnswerBytes;
    private long leftForNotices = ServerLimits.NoticeBytes;

    /// <summary>The limit that the server has exceeded; null = none. The connections are closed then.</summary>
    public Fault? Exceeded { get; private set; }

    /// <summary>Cancelled by <see cref="Close"/>.</summary>
    public CancellationToken Closed => closed.Token;

    /// <summary>The next answer may have this many bytes.</summary>
    public void AllowAnswer(long bytes = ServerLimits.AnswerBytes)
    {
        lock (gate)
            (allowed, left, leftForNotices) = (bytes, bytes, ServerLimits.NoticeBytes);
    }

    /// <summary>A row was read: the answer may have as many bytes more, never more than <see cref="ServerLimits.AnswerBytes"/> at once.</summary>
    public void AllowRow(long bytes)
    {
        lock (gate)
            left = Math.Min(left + bytes, ServerLimits.AnswerBytes);
    }

    /// <summary>The number of bytes of the current answer that were allowed at its start.</summary>
    public long Allowed
    {
        get
        {
            lock (gate)
                return allowed;
        }
    }

    /// <summary>Counts a part of an answer.</summary>
    /// <exception cref="AnswerTooLargeException">It exceeds what is allowed; all connections are closed.</exception>
    public void Take(long bytes)
    {
        bool isOver;
        lock (gate)
            isOver = (left -= bytes) < 0;
        if (isOver)
            Exceed(Allowed);
    }

    /// <summary>Counts a notice, which is not part of an answer.</summary>
    /// <exception cref="AnswerTooLargeException">It exceeds what is allowed; all connections are closed.</exception>
    public void TakeNotice(long bytes)
    {
        bool isOver;
        lock (gate)
            isOver = bytes > ServerLimits.AnswerBytes || (leftForNotices -= bytes) < 0;
        if (isOver)
            Exceed(bytes > ServerLimits.AnswerBytes ? ServerLimits.AnswerBytes : ServerLimits.NoticeBytes);
    }

    /// <summary>Closes all connections because the server sends more than it may.</summary>
    /// <param name="limit">In bytes.</param>
    /// <exception cref="AnswerTooLargeException">Always.</exception>
    public void Exceed(long limit)
    {
        var fault = new Fault.TooLarge(limit);
        Exceeded = fault;
        Close();
        throw new AnswerTooLargeException(fault);
    }

    /// <summary>Keeps a connection until it is removed; one that comes after the end is closed at once.</summary>
    public void Add(IDisposable connection)
    {
        lock (gate)
        {
            if (!closed.IsCancellationRequested)
            {
                open.Add(connection);
                return;
            }
        }

        connection.Dispose();
    }

    public void Remove(IDisposable connection)
    {
        lock (gate)
            open.Remove(connection);
    }

    /// <summary>Ends every connection now, and each further one as soon as it is there.</summary>
    public void Close()
    {
        IDisposable[] all;
        lock (gate)
        {
            all = [.. open];
            open.Clear();
            closed.Cancel();
        }

        foreach (var connection in all)
            connection.Dispose();
    }
}

/// <summary>The server sends more than it may; its connection is closed.</summary>
internal sealed class AnswerTooLargeException(Fault.TooLarge fault) : IOException("the answer exceeds its limit")
{
    public Fault.TooLarge Fault => fault;
}

/// <summary>What a server may send and how long it may take, whatever it is.</summary>
internal static class ServerLimits
{
    /// <summary>
    /// 1 MiB for all that answers one statement or command; a page of the table may have more, as its rows are read. A driver takes about five
    /// times as much memory for an error.
    /// </summary>
    public const long AnswerBytes = 1 << 20;

    /// <summary>16 MiB of notices beside one answer: a trigger may send one for each row, and a COPY has 50,000 rows.</summary>
    public const long NoticeBytes = 16 << 20;

    /// <summary>From the connection to the last check of the preflight.</summary>
    public static TimeSpan Probe { get; } = TimeSpan.FromSeconds(15);
}
