namespace Kollect.MongoDb.Driver;

/// <summary>
/// A connection whose messages are judged before the driver sees them: it would take the memory that a message states, unpack what is
/// packed without an end, and hash a password as often as it is told.
/// </summary>
internal sealed class BoundedStream : Stream
{
    private readonly Stream inner;
    private readonly Action closed;
    private readonly MessageBounds messages;

    /// <param name="inner">Disposed with this.</param>
    /// <param name="closed">Called when this is disposed.</param>
    public BoundedStream(Stream inner, MessageBounds messages, Action closed) => (this.inner, this.messages, this.closed) = (inner, messages, closed);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override bool CanTimeout => inner.CanTimeout;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int ReadTimeout
    {
        get => inner.ReadTimeout;
        set => inner.ReadTimeout = value;
    }

    public override int WriteTimeout
    {
        get => inner.WriteTimeout;
        set => inner.WriteTimeout = value;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var bytes = inner.Read(buffer, offset, count);
        messages.Follow(buffer.AsSpan(offset, bytes));
        return bytes;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await inner.ReadAsync(buffer, cancellationToken);
        messages.Follow(buffer.Span[..bytes]);
        return bytes;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        messages.Ask();
        inner.Write(buffer, offset, count);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        messages.Ask();
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        closed();
        inner.Dispose();
        base.Dispose(disposing);
    }
}
