using Kollect.Core.Backends;
using History = Kollect.Core.Backends.Postgres.History;
using MongoDbLedger = Kollect.Core.Backends.MongoDb.Ledger;
using PostgresFreshness = Kollect.Core.Backends.Postgres.Freshness;
using PostgresLedger = Kollect.Core.Backends.Postgres.Ledger;

namespace Kollect.Core.Tests.ReferencePages;

public sealed class SchemaPageTests
{
    [Fact]
    public void Every_column_has_its_place_on_the_page()
    {
        var page = new ReferencePage(
            "Database schema",
            "What a reader of the data finds: the table or collection of the rows, and the ledger of the exports. One item of an inventory "
            + "is one row.");
        page.Heading(2, "Rows").Paragraph(
            "The table or collection of the sink, or the one that `spec.provisioning.naming.template` names for each inventory. No column "
            + "is ever null.");
        page.Table(
            ["column", "PostgreSQL", "BigQuery", "MongoDB", "role"],
            Columns.All.AsEnumerable().Select(it => (string[])[$"`{it.Name}`", it.PostgresType, it.BigQueryType, BsonTypeOf(it), RoleOf(it)]));
        page.Items(Columns.All.AsEnumerable().Select(it => (it.Name, "", it.Meaning)));
        page.Paragraph(
            "The identity of a row is (" + string.Join(", ", Columns.Identity.Map(it => $"`{it}`")) + "). An export updates the row of an "
            + "identity, and deletes rows "
            + "of the same inventory and cluster label whose identity is not in the snapshot. A row that stood under another cluster label "
            + "is adopted: its label changes.");
        page.Paragraph(
            "`exported_at` answers when a row was last written, not when the inventory was last exported: the ledger has that. Documents of "
            + "MongoDB have an `_id` of "
            + "their own, which says nothing.");

        page.Heading(2, "Indexes").Items(
        [
            ("", "", $"PostgreSQL: the primary key ({string.Join(", ", Columns.Identity)}). Queries over one inventory use it; "
                + "add indexes of your own for others."),
            ("", "", "MongoDB: the unique index `kollect_identity` over the same fields, in this order."),
            ("", "", "BigQuery: partitioned by day of `exported_at`, clustered by `cluster`, `inventory_namespace`, `inventory_name`, `target_name`."),
        ]);
        page.Paragraph(
            "In mode `ensure` Kollect creates table and index where they are missing, and never alters them; schema, database and dataset "
            + "must exist. In mode "
            + "`existing` it creates nothing. `kollect plan` prints the statements. Further columns are allowed where they may be null or "
            + "have a default; further "
            + "indexes are allowed.");

        page.Heading(2, $"The ledger of PostgreSQL: table {PostgresLedger.Name}").Paragraph(
            "In the schema of the rows. An entry is written in the transaction of the rows, for each export that changed something or was "
            + "refused; entries of one "
            + $"exporter and hour become one. The primary key is ({string.Join(", ", PostgresLedger.Key.Map(it => $"`{it}`"))}).");
        page.Items(PostgresLedger.Columns.AsEnumerable().Select(it => (it.Name, it.IsRequired ? it.Type : $"{it.Type}, may be null", it.Meaning)));

        page.Heading(2, $"The freshness of PostgreSQL: view {PostgresFreshness.Name}").Paragraph(
            "Over the ledger: a row for each table, inventory and cluster label, from the newest entry whose rows were written. Created with the "
            + "ledger, in mode `ensure` only; a relation of that name that is another one is left as it is, and a warning says so.");
        page.Items(PostgresFreshness.Columns.AsEnumerable().Select(it => (it, "", LedgerTexts.Of(it))));
        page.Heading(2, "The history of PostgreSQL: table NAME_history").Paragraph(
            "With `options.history: \"true\"`, beside the table: the columns of the row, and these. The primary key is "
            + $"({string.Join(", ", History.Key.Map(it => $"`{it}`"))}). The view `NAME_timeline` shows its versions together with the rows "
            + "that are there now, whose `valid_to` and `change` are null. How to read them: [History](../how-to/history.md).");
        page.Items(History.Columns.Filter(it => !Columns.Exists(it.Name)).AsEnumerable().Select(it => (it.Name, it.Type, it.Meaning)));

        page.Heading(2, $"The ledger of MongoDB: collection {MongoDbLedger.Name}").Paragraph(
            "In the database of the rows, one document for each export that changed something or was refused; entries of one exporter and "
            + "hour become one.");
        page.Items(MongoDbLedger.FieldTypes.AsEnumerable().Select(it => (it.Name, it.Type, LedgerTexts.Of(it.Name))));
        page.Paragraph("BigQuery has no ledger: the newest `exported_at` of an inventory and cluster label tells which snapshot the table holds.");
        page.Verify("database-schema.md");
    }

    private static string RoleOf(Column column) => column.Role switch
    {
        ColumnRole.Identity => "identity",
        ColumnRole.Content => "content",
        _ => "time of the snapshot",
    };

    private static string BsonTypeOf(Column column) => column switch
    {
        Column.Payload => "document",
        Column.Time => "date",
        _ => "string",
    };
}
