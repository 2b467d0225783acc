using Kollect.Core.Formatting;
using Kollect.Core.Secrets;

namespace Kollect.Core.Backends;

/// <summary>The reason why a Secret does not lead to a connection. Never holds any part of a value: only names, limits and positions.</summary>
/// <param name="Key">The data key at fault; None = the Secret as a whole.</param>
/// <param name="Message">The problem, its position (1-based, in characters of the value) and the remedy.</param>
internal sealed record ConnectionProblem(SecretRef Secret, Option<string> Key, string Message)
{
    /// <inheritdoc/>
    public string Message { get; init => field = Shown.Plain(value); } = Shown.Plain(Message);

    /// <summary><c>Secret kollect-system/dsn, key url: sslkey (character 31) …</c></summary>
    public override string ToString() => $"{Place(Secret, Key)}: {Message}";

    /// <summary><c>Secret kollect-system/dsn, key url</c></summary>
    internal static string Place(SecretRef secret, Option<string> key) =>
        $"Secret {secret.Namespace}/{secret.Name}{key.Match(name => $", key {SecretKeys.Shown(name)}", () => "")}";

    /// <param name="secret">The Secret that was read.</param>
    /// <param name="whole">The key of the connection string, if there is one.</param>
    internal static ConnectionProblem Of(SecretRef secret, Option<string> whole, Complaint complaint) => new(secret, complaint.Key || whole, complaint.Why);
}
