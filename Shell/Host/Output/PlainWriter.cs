using System.Text;
using Kollect.Core.Formatting;

namespace Kollect.Host.Output;

/// <summary>
/// Writes no hidden character but line breaks: each is written as JSON escapes it, so that JSON keeps its values. The last wall before a terminal or a log;
/// texts of others are plain before, where they enter a message.
/// </summary>
internal sealed class PlainWriter(TextWriter to) : TextWriter(to.FormatProvider)
{
    private char? high;

    public override Encoding Encoding => to.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    // A surrogate pair may be written in two halves.
    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (buffer.IsEmpty)
            return;
        var text = high is { } first ? first + buffer.ToString() : buffer.ToString();
        high = char.IsHighSurrogate(text[^1]) ? text[^1] : null;
        to.Write(Shown.PlainJson(high is null ? text : text[..^1]));
    }

    public override void Flush() => to.Flush();
}
