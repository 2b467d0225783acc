using System.Security.Cryptography;
using System.Text;

namespace Kollect.Core.Views;

/// <summary>What tells one definition of a view from another.</summary>
internal static class ViewDigest
{
    /// <summary>Sixteen hexadecimal digits of the SHA-256 of a text.</summary>
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
