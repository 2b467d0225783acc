using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>What tells two servers apart, as one text to compare.</summary>
internal static class ServerIdentity
{
    /// <summary>In one order and case, whatever they are written in.</summary>
    public static SecretText Of(IEnumerable<string> parts) => new(string.Join('\n', parts.Select(Case).Order(StringComparer.Ordinal)));

    // A name of a host is not told apart by case; the folder of a socket is.
    private static string Case(string host) => host.StartsWith('/') ? host : host.ToLowerInvariant();
}
