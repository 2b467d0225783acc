namespace Kollect.Core.Backends;

/// <summary>The columns and fields of the ledgers in words; a backend has those that its ledger names.</summary>
internal static class LedgerTexts
{
    private static readonly Dictionary<string, string> ByName = new(StringComparer.Ordinal)
    {
        ["_id"] = "Collection, inventory, cluster and number of the entry; an export that began on entry 7 may only insert entry 8.",
        ["number"] = "Counts the entries of an inventory and cluster; refused exports have negative numbers.",
        ["table_name"] = "The table of the rows: sinks of one schema share the ledger.",
        ["collection"] = "The collection of the rows: sinks of one database share the ledger.",
        ["inventory_namespace"] = "The namespace of the inventory, as in the rows.",
        ["inventory_name"] = "The name of the inventory, as in the rows.",
        ["cluster"] = "The label of the cluster, as in the rows.",
        ["exported_at"] = "The time of the snapshot, in UTC.",
        ["checksum"] = "Identifies the content of the snapshot; absent (null) where it was read from a stream, as by kollect export.",
        ["items"] = "The number of items of the snapshot.",
        ["complete"] = "False = rows that are not of the snapshot may have stayed, because a target could not be listed.",
        ["inserted"] = "Rows that were new.",
        ["updated"] = "Rows whose content has changed.",
        ["deleted"] = "Rows that were no longer in the snapshot.",
        ["adopted"] = "Rows that stood under another cluster label before.",
        ["rejected"] = "Items that the destination cannot store.",
        ["duration_ms"] = "How long the export took, in milliseconds.",
        ["exporter"] = "The replica of the operator that exported, or kollect export and the name of its machine.",
        ["refusal"] = "Why the export was refused; absent (null) where rows were written.",
        ["verified_at"] = "The time of the newest snapshot that the rows were found to be.",
        ["age"] = "The time since verified_at.",
        ["xid"] = "The transaction that wrote the rows, from which a look at them tells the writes of others.",
        ["horizon"] = "The oldest transaction that was open when the rows were compared, for the same purpose.",
        ["rows"] = "The number of rows of the inventory and cluster afterwards.",
        ["writing"] = "Set while an export writes: an entry that still has it after a killed export makes the next export one in full.",
    };

    public static string Of(string name) => ByName[name];
}
