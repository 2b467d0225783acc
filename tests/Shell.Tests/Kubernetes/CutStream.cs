namespace Kollect.Shell.Tests.Kubernetes;

/// <summary>Returns at most <paramref name="cut"/> bytes per read, as a network may.</summary>
internal sealed class CutStream(byte[] bytes, int cut) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(cut, buffer.Length)], cancellationToken);
}
