using Kollect.Core.Formatting;

namespace Kollect.Core.Failures;

/// <summary>A problem of a manifest, or a warning about it.</summary>
/// <param name="Id">Stable and never reused: <c>KDB001</c>… for problems, <c>KDB5xx</c> for warnings.</param>
/// <param name="Path">As Kubernetes writes it: <c>spec.options[statement_timeout]</c>.</param>
/// <param name="Message">The value, the limit with its unit, the consequence, and the nearest allowed value if one is similar.</param>
public sealed record Problem(string Id, string Path, string Message)
{
    /// <inheritdoc/>
    public string Path { get; init => field = Shown.Plain(value); } = Shown.Plain(Path);

    /// <inheritdoc/>
    public string Message { get; init => field = Shown.Plain(value); } = Shown.Plain(Message);

    /// <summary><c>KDB012 spec.postgres.table: …</c></summary>
    public override string ToString() => $"{Id} {Path}: {Message}";
}
