// inspect the scope, before the first write and after the last
db.runCommand({ aggregate: "items", pipeline: [ { $match: { inventory_namespace: "platform", inventory_name: "all" } }, { $group: { _id: { $eq: [ "$cluster", { $literal: "east" } ] }, newest: { $max: "$exported_at" }, rows: { $sum: 1 } } } ], cursor: {} })

// each row
db.items.replaceOne(
  { inventory_namespace: "platform", inventory_name: "all", target_name: "deployments", source_uid: "661b", exported_at: { $not: { $gt: ISODate("2026-11-23T08:30:00.000Z") } } },
  { inventory_namespace: "platform", inventory_name: "all", target_name: "deployments", source_uid: "661b", cluster: "east", resource_namespace: "shop", payload: { uid: "661b", kind: "Deployment", attributes: { $set: { "a.b": 1 }, replicas: 3 } }, exported_at: ISODate("2026-11-23T08:30:00.000Z") },
  { upsert: true })

// each row, when other clusters have rows in this inventory
db.items.replaceOne(
  { inventory_namespace: "platform", inventory_name: "all", target_name: "deployments", source_uid: "661b", $or: [ { exported_at: { $not: { $gt: ISODate("2026-11-23T08:30:00.000Z") } } }, { cluster: { $ne: "east" } } ] },
  { inventory_namespace: "platform", inventory_name: "all", target_name: "deployments", source_uid: "661b", cluster: "east", resource_namespace: "shop", payload: { uid: "661b", kind: "Deployment", attributes: { $set: { "a.b": 1 }, replicas: 3 } }, exported_at: ISODate("2026-11-23T08:30:00.000Z") },
  { upsert: true })

// each row, with options.skip_unchanged
db.items.updateOne(
  { inventory_namespace: "platform", inventory_name: "all", target_name: "deployments", source_uid: "661b", exported_at: { $not: { $gt: ISODate("2026-11-23T08:30:00.000Z") } } },
  [ { $replaceWith: { old: "$$ROOT", new: { $literal: { inventory_namespace: "platform", inventory_name: "all", target_name: "deployments", source_uid: "661b", cluster: "east", resource_namespace: "shop", payload: { uid: "661b", kind: "Deployment", attributes: { $set: { "a.b": 1 }, replicas: 3 } }, exported_at: ISODate("2026-11-23T08:30:00.000Z") } } } }, { $replaceWith: { $cond: [ { $and: [ { $eq: [ "$old.cluster", "$new.cluster" ] }, { $eq: [ "$old.resource_namespace", "$new.resource_namespace" ] }, { $eq: [ "$old.payload", "$new.payload" ] } ] }, "$old", { $mergeObjects: [ { _id: "$old._id" }, "$new" ] } ] } } ],
  { upsert: true })

// with options.skip_unchanged, when nothing was written: one row carries the time of the snapshot
db.items.updateOne(
  { inventory_namespace: "platform", inventory_name: "all", cluster: "east", exported_at: { $not: { $gte: ISODate("2026-11-23T08:30:00.000Z") } } },
  { $set: { exported_at: ISODate("2026-11-23T08:30:00.000Z") } })

// stale rows
db.items.deleteMany({ inventory_namespace: "platform", inventory_name: "all", cluster: "east", exported_at: { $not: { $gte: ISODate("2026-11-23T08:30:00.000Z") } } })

// stale rows, when their time does not identify them: read the identities of the scope, delete those that the snapshot lacks
db.items.find({ inventory_namespace: "platform", inventory_name: "all", cluster: "east" }, { _id: 0, target_name: 1, source_uid: 1, exported_at: 1 }).batchSize(10000)
db.items.deleteOne({ inventory_namespace: "platform", inventory_name: "all", target_name: "deployments", source_uid: "661b", cluster: "east", exported_at: { $not: { $gt: ISODate("2026-11-23T08:30:00.000Z") } } })

// after a newer snapshot was written meanwhile: each row that this export inserted
db.items.deleteOne({ _id: ObjectId(000000010000000000000002), exported_at: ISODate("2026-11-23T08:30:00.000Z") })
