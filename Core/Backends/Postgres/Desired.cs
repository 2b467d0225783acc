using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>The table that a PostgreSQL sink writes into, with all <see cref="Columns"/>.</summary>
/// <param name="Mode">Decides whether missing objects are created.</param>
internal sealed record Desired(TableName Table, KollectDatabaseSinkMode Mode)
{
    /// <summary><c>options.ledger</c>: an export reads and writes the ledger, where it can.</summary>
    public bool KeepsLedger { get; init; }

    /// <summary><c>options.history</c>: what exports overwrite and delete is kept there; None = nowhere.</summary>
    public Option<History> History { get; init; }

    /// <summary>The ledger beside the table.</summary>
    public Ledger Ledger => new(Table);

    /// <summary>The view over the ledger.</summary>
    public Freshness Freshness => new(Ledger);
}
