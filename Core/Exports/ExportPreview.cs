using Kollect.Core.Formatting;
using Kollect.Core.Sinks;

namespace Kollect.Core.Exports;

/// <summary>A preview of the exports of a sink: statements for a review of permissions, remarks for an estimate of cost.</summary>
/// <param name="Statements">The statements to review; empty where they depend on the observed destination.</param>
/// <param name="Remarks">The data sent and its cost, one line each.</param>
internal sealed record ExportPreview(Seq<Statement> Statements, Seq<string> Remarks)
{
    /// <inheritdoc/>
    public Seq<string> Remarks { get; } = Remarks.Map(Shown.Plain).Strict();

    /// <summary>Bytes of a payload in the examples that remarks give.</summary>
    public const int TypicalPayload = 2_000;

    /// <summary>Items of such an example.</summary>
    public const int TypicalItems = 1_000;
}
