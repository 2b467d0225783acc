using Kollect.Core.Failures;
using Kollect.Models.V1Alpha1;

namespace Kollect.Core.Backends.Postgres;

/// <summary>What an export can do with the ledger. Closed.</summary>
internal abstract record LedgerState
{
    private LedgerState() { }

    /// <summary>It is there and can be written.</summary>
    public sealed record Ready : LedgerState;

    /// <summary>An export creates it.</summary>
    public sealed record Missing : LedgerState;

    /// <summary>None is kept, and nobody has to do anything about it.</summary>
    public sealed record Off(string Why) : LedgerState;

    /// <summary>An administrator can make it usable; exports work without it.</summary>
    public sealed record Unusable(Refusal Why) : LedgerState;

    /// <summary>An export reads and writes it.</summary>
    public bool IsKept => this is Ready or Missing;

    /// <summary>
    /// The state of the ledger beside a destination that is itself ready. A table of Citus has none: other nodes write its rows, so that their xmin cannot be
    /// compared with ids of this one, and the entry would be all that a ledger adds.
    /// </summary>
    public static LedgerState Of(Desired desired, Observed observed) =>
        !desired.KeepsLedger ? new Off("options.ledger is \"false\"")
        : desired.Table.Name == Ledger.Name ? new Off("the destination itself has its name")
        : observed.CitusTable.IsSome ? new Off($"{desired.Table} is a table of Citus, whose rows are written by transactions of other nodes")
        : observed.Ledger.Match(table => OfTable(desired, observed, table), () => OfNone(desired, observed));

    private static LedgerState OfNone(Desired desired, Observed observed)
    {
        var ledger = desired.Ledger;
        return desired.Mode == KollectDatabaseSinkMode.Existing
            ? new Unusable(new Refusal(
                $"table {ledger.At}, the ledger of exports, does not exist and provisioning.mode is existing",
                Create(desired, observed)))
            : observed.CanCreateTable
                ? new Missing()
                : new Unusable(new Refusal(
                    $"table {ledger.At}, the ledger of exports, does not exist and the role may not create it",
                    $"GRANT CREATE ON SCHEMA {Identifier.Visible(ledger.At.Schema)} TO {Render.Role}; "
                        + $"or {Create(desired, observed)}"));
    }

    /// <summary>The ledger with its grant, and its view.</summary>
    private static string Create(Desired desired, Observed observed) =>
        $"{desired.Ledger.Own.CreateInLine} {desired.Ledger.Own.Grant(Ledger.Privileges)}"
        + (observed.Freshness.IsNone ? $" {desired.Freshness.CreateViewInLine}" : "");

    private static LedgerState OfTable(Desired desired, Observed observed, ObservedTable table)
    {
        var ledger = desired.Ledger;
        var wrong = ledger.Own.Defects(table);
        if (!wrong.IsEmpty)
            return new Unusable(new Refusal(
                $"{ledger.At} is not the ledger of exports: {string.Join(", ", wrong)}",
                $"ALTER TABLE {ledger.At} RENAME TO kollect_exports_old; {Create(desired, observed)}"));
        var lacking = ledger.Own.Lacking(table);
        return !lacking.IsEmpty
            ? new Unusable(new Refusal(
                $"the role lacks {string.Join(", ", lacking)} on {ledger.At}, the ledger of exports", ledger.Own.Grant(string.Join(", ", lacking))))
            : table.RowSecurity
                ? new Unusable(new Refusal(
                    $"row-level security of {ledger.At}, the ledger of exports, applies to the role", $"ALTER TABLE {ledger.At} DISABLE ROW LEVEL SECURITY;"))
                : new Ready();
    }
}
