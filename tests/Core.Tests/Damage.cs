using FsCheck;
using FsCheck.Fluent;

namespace Kollect.Core.Tests;

/// <summary>Damaged documents.</summary>
internal static class Damage
{
    /// <summary>Documents with three overwritten bytes; every fifth is also truncated.</summary>
    /// <param name="value">What a byte is overwritten by, most often a byte that has a meaning in the format.</param>
    public static Gen<byte[]> Of(Gen<byte[]> documents, Gen<byte> value) =>
        from whole in documents
        from edits in Gen.Choose(0, whole.Length - 1).Zip(value).ListOf(3)
        from cut in Gen.Frequency((4, Gen.Constant(whole.Length)), (1, Gen.Choose(0, whole.Length)))
        select Edited(whole, edits)[..cut];

    private static byte[] Edited(byte[] whole, IEnumerable<(int At, byte Value)> edits)
    {
        var bytes = whole.ToArray();
        foreach (var (at, value) in edits)
            bytes[at] = value;
        return bytes;
    }
}
