using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>Identifies a server by one text that can be compared.</summary>
internal static class ServerIdentity
{
    /// <summary>In one order and case, whatever they are written in.</summary>
    public static SecretText Of(IEnumerable<string> parts) => new(string.Join('\n', parts.Select(Case).Order(StringComparer.Ordinal)));

    // Case distinguishes folders of sockets, not names of hosts.
    private static string Case(string host) => host.StartsWith('/') ? host : host.ToLowerInvariant();
}
