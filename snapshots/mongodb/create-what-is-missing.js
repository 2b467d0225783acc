// collection inventory.items is missing
use("inventory");
db.runCommand({
  "create": "items"
});
// inventory.items has no unique index on the identity
use("inventory");
db.runCommand({
  "createIndexes": "items",
  "indexes": [
    {
      "key": {
        "inventory_namespace": 1,
        "inventory_name": 1,
        "target_name": 1,
        "source_uid": 1
      },
      "name": "kollect_identity",
      "unique": true
    }
  ]
});
