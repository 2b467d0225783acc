using System.Text;
using Kollect.Fuzz.Tests.Engine;

namespace Kollect.Fuzz.Tests.Mutations;

/// <summary>Changes bytes or text without regard to their structure, or by its lines.</summary>
internal sealed class ByteMutations(IReadOnlyList<string> tokens, int max)
{
    private readonly byte[][] words = [.. Hostile.Bytes, .. tokens.Select(Encoding.UTF8.GetBytes), .. Hostile.Numbers.Select(Encoding.UTF8.GetBytes)];

    /// <summary>One change.</summary>
    /// <param name="other">Another input, of which a part is taken.</param>
    public byte[] Apply(Dice dice, byte[] it, byte[] other)
    {
        var (from, length) = Part(dice, it);
        byte[] changed = dice.Next(16) switch
        {
            0 or 1 => it.Length == 0 ? it : [.. it[..from], (byte)(it[from] ^ (1 << dice.Next(8))), .. it[(from + 1)..]],
            2 => [.. it[..from], (byte)dice.Next(256), .. it[from..]],
            3 => [.. it[..from], .. it[(from + length)..]],
            4 => [.. it[..(from + length)], .. it[from..]],
            5 or 6 or 7 => [.. it[..from], .. dice.Pick(words), .. it[from..]],
            8 => [.. it[..from], .. dice.Pick(words), .. it[(from + length)..]],
            9 => it[..from],
            10 => [.. it[..from], .. Taken(dice, other), .. it[from..]],
            11 => Repeated(dice, it, from, length),
            12 => WithNumber(dice, it),
            13 => [.. it[..from], .. Encoding.UTF8.GetBytes(Convert.ToBase64String(it, from, length)), .. it[(from + length)..]],
            _ => Lines(dice, it),
        };
        return changed.Length <= max ? changed : changed[..max];
    }

    /// <summary>The whole text in another encoding.</summary>
    public static byte[] Wrapped(Dice dice, byte[] it) => dice.Next(7) switch
    {
        0 => Encoding.UTF8.GetBytes(Convert.ToBase64String(it)),
        1 => Encoding.UTF8.GetBytes(Convert.ToBase64String(it, Base64FormattingOptions.InsertLineBreaks)),
        2 => [0xEF, 0xBB, 0xBF, .. it],
        3 => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(it))],
        4 => Encoding.BigEndianUnicode.GetBytes(Encoding.UTF8.GetString(it)),
        5 => Encoding.UTF8.GetBytes(Uri.EscapeDataString(Encoding.UTF8.GetString(it))),
        _ => [(byte)'"', .. it, (byte)'"'],
    };

    private static (int From, int Length) Part(Dice dice, byte[] it)
    {
        var from = dice.Next(it.Length);
        return (from, dice.Next(Math.Min(it.Length - from, dice.Chance(4) ? it.Length : 32) + 1));
    }

    private static byte[] Taken(Dice dice, byte[] other)
    {
        var (from, length) = Part(dice, other);
        return other[from..(from + length)];
    }

    // One input in twenty becomes as long as is allowed: a bound on time and memory means little on short ones.
    private byte[] Repeated(Dice dice, byte[] it, int from, int length)
    {
        if (length == 0)
            return it;
        var times = Math.Min(dice.Chance(3) ? max : 1 << dice.Next(10), Math.Max(1, (max - it.Length) / length));
        var part = it.AsSpan(from, length);
        var result = new byte[it.Length + (times * length)];
        it.AsSpan(0, from).CopyTo(result);
        for (var at = from; times > 0; times--, at += length)
            part.CopyTo(result.AsSpan(at));
        it.AsSpan(from).CopyTo(result.AsSpan(result.Length - (it.Length - from)));
        return result;
    }

    private static byte[] WithNumber(Dice dice, byte[] it)
    {
        var start = it.AsSpan(dice.Next(it.Length)).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0)
            return it;
        start = it.AsSpan(start).IndexOfAnyInRange((byte)'0', (byte)'9') + start;
        var length = it.AsSpan(start).IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end && end < 0 ? it.Length - start : end;
        return [.. it[..start], .. Encoding.UTF8.GetBytes(dice.Pick(Hostile.Numbers)), .. it[(start + length)..]];
    }

    private static byte[] Lines(Dice dice, byte[] it)
    {
        var lines = Encoding.Latin1.GetString(it).Split('\n').ToList();
        var (one, other) = (dice.Next(lines.Count), dice.Next(lines.Count));
        switch (dice.Next(6))
        {
            case 0: lines.Insert(one, lines[other]); break;
            case 1: lines.RemoveAt(one); break;
            case 2: (lines[one], lines[other]) = (lines[other], lines[one]); break;
            case 3: lines[one] = new string(' ', dice.Next(6)) + lines[one]; break;
            case 4: lines[one] = lines[one].TrimStart(' '); break;
            default: lines[one] += "\r"; break;
        }

        return Encoding.Latin1.GetBytes(string.Join('\n', lines));
    }
}
