using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.MongoDb;

/// <summary>The collection that a MongoDB sink writes into, with its unique index on the identity.</summary>
/// <param name="Collection">MongoDB creates the database with its first collection.</param>
/// <param name="Mode">Decides whether collection and index are created.</param>
internal sealed record Desired(Namespace Collection, KollectDatabaseSinkMode Mode)
{
    /// <summary>Name of the unique index on <see cref="Columns.Identity"/>, all ascending.</summary>
    public const string IdentityIndex = "kollect_identity";

    /// <summary>None = <c>options.ledger: "false"</c>, or the collection of the rows has its name.</summary>
    public Option<Namespace> Ledger { get; init; }
}
