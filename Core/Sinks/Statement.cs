using Kollect.Core.Formatting;

namespace Kollect.Core.Sinks;

/// <summary>One step of a provisioning plan.</summary>
/// <param name="Sql">Sent to the server as it is; identifiers are already quoted.</param>
/// <param name="Why">One line for the log and for status.preview, e.g. "column cluster is missing".</param>
public sealed record Statement(string Sql, string Why)
{
    /// <inheritdoc/>
    public string Why { get; init => field = Shown.Plain(value); } = Shown.Plain(Why);
}
