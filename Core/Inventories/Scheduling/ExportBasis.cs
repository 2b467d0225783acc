using Kollect.Core.Sinks;

namespace Kollect.Core.Inventories.Scheduling;

/// <summary>The version of a sink's configuration: spec and Secrets.</summary>
/// <param name="Generation">Of the sink's spec.</param>
/// <param name="SecretVersions">
/// Differs when one of its Secrets appears, changes or is deleted. The status contains it: it is made of resource versions, not of the content.
/// </param>
internal sealed record SinkVersion(long Generation, string SecretVersions);

/// <summary>All that an export depends on besides the server: while it is equal, another export would write the same.</summary>
/// <param name="Checksum">Of the snapshot's content.</param>
/// <param name="Complete">False: rows that are not in the snapshot are kept.</param>
/// <param name="InventoryGeneration">Of the inventory's spec.</param>
internal sealed record ExportBasis(string Checksum, bool Complete, long InventoryGeneration, SinkVersion Sink, RowLocation Location)
{
    /// <summary>A user has asked for an export; false again as soon as the request is taken back.</summary>
    public bool IsRequested { get; init; }

    /// <summary>The change since <paramref name="before"/>; None = nothing changed. Changes made by a user come first.</summary>
    public Option<Difference> Since(ExportBasis before) =>
        InventoryGeneration != before.InventoryGeneration ? new Difference("the inventory was edited", ContentOnly: false)
        : Sink.Generation != before.Sink.Generation ? new Difference("the sink was edited", ContentOnly: false)
        : Sink.SecretVersions != before.Sink.SecretVersions ? new Difference("a Secret of the sink has changed", ContentOnly: false)
        : IsRequested && !before.IsRequested ? new Difference("an export was requested", ContentOnly: false)
        : Location != before.Location ? new Difference("the rows go to another place", ContentOnly: false)
        : Complete != before.Complete ? new Difference(Complete ? "the snapshot has become complete" : "the snapshot has become incomplete", ContentOnly: true)
        : Checksum != before.Checksum ? new Difference("the content has changed", ContentOnly: true)
        : None;
}

/// <summary>The reason for another export.</summary>
/// <param name="Why">For the log: <c>the sink was edited</c>.</param>
/// <param name="ContentOnly">The connection to the destination is unchanged: a failed export is likely to fail again.</param>
internal sealed record Difference(string Why, bool ContentOnly);
