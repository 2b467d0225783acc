// the newest entry of the scope, before the first write of every export
db.runCommand({ find: "kollect_exports", filter: { _id: { $gte: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("1") }, $lte: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("9223372036854775807") } } }, sort: { _id: -1 }, limit: 1, batchSize: 1, singleBatch: true })

// an export begins on top of an entry; a difference only where nobody else has begun
touch({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("7") }, writing: { $exists: false } }, { $set: { writing: ISODate("2026-11-23T08:31:00.000Z") } })

// after the last row; a duplicate key = another export was faster
insert({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("8") }, collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", exported_at: ISODate("2026-11-23T08:31:00.000Z"), checksum: "5e884898", items: NumberLong("3"), complete: true, inserted: NumberLong("1"), updated: NumberLong("1"), deleted: NumberLong("1"), adopted: NumberLong("0"), rejected: NumberLong("0"), duration_ms: NumberLong("12"), exporter: "kollect-7d9f", verified_at: ISODate("2026-11-23T08:31:00.000Z"), rows: NumberLong("3") })

// the same, where no row was changed
touch({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("7") }, writing: ISODate("2026-11-23T08:31:00.000Z") }, { $max: { verified_at: ISODate("2026-11-23T08:31:00.000Z") }, $unset: { writing: "" }, $set: { items: NumberLong("3"), complete: true, rows: NumberLong("3"), checksum: "5e884898" } })

// after a look that found nothing to repair
touch({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("7") }, writing: { $exists: false } }, { $max: { verified_at: ISODate("2026-11-23T08:31:00.000Z") }, $set: { rows: NumberLong("3") } })

// an export that was refused
replace({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("-63931019400001") } }, { _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("-63931019400001") }, collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", exported_at: ISODate("2026-11-23T08:30:00.000Z"), items: NumberLong("3"), complete: false, inserted: NumberLong("0"), updated: NumberLong("0"), deleted: NumberLong("0"), adopted: NumberLong("0"), rejected: NumberLong("0"), duration_ms: NumberLong("12"), exporter: "kollect-7d9f", refusal: "superseded: the destination holds a snapshot of \u2026" })

// old entries, which are then deleted by _id
db.runCommand({ find: "kollect_exports", filter: { _id: { $gte: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("-9223372036854775808") }, $lte: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("6") } }, exported_at: { $lt: ISODate("2026-08-25T08:30:00.000Z") } }, sort: { _id: 1 }, limit: 500, batchSize: 500, singleBatch: true })

// after a hundred differences: entries of the exporter that are an hour old, of which those of the same hour become one
db.runCommand({ find: "kollect_exports", filter: { _id: { $gte: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("1") }, $lte: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("199") } }, exporter: "kollect-7d9f", exported_at: { $gte: ISODate("2026-11-22T08:30:00.000Z"), $lt: ISODate("2026-11-23T07:30:00.000Z") } }, sort: { _id: 1 }, limit: 500, batchSize: 500, singleBatch: true })

deleteone({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("99") } })

touch({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("100") } }, { $set: { inserted: NumberLong("2"), updated: NumberLong("2"), deleted: NumberLong("2"), adopted: NumberLong("0"), duration_ms: NumberLong("24") } })

deleteone({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("101") } })

touch({ _id: { collection: "items", inventory_namespace: "platform", inventory_name: "all", cluster: "east", number: NumberLong("102") } }, { $set: { inserted: NumberLong("2"), updated: NumberLong("2"), deleted: NumberLong("2"), adopted: NumberLong("0"), duration_ms: NumberLong("24") } })
