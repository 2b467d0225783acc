using Kollect.Core.Sinks;

namespace Kollect.Core.Exports;

/// <summary>What every export of a sink does, for those who have to allow or to pay it.</summary>
/// <param name="Statements">Texts that a reviewer wants to see; empty where they depend on what is found.</param>
/// <param name="Remarks">What is sent and what it costs, one line each.</param>
public sealed record ExportPreview(Seq<Statement> Statements, Seq<string> Remarks)
{
    /// <summary>Bytes of a payload in the examples that remarks give.</summary>
    public const int TypicalPayload = 2_000;

    /// <summary>Items of such an example.</summary>
    public const int TypicalItems = 1_000;
}
