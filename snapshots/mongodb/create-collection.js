use("inventory");
db.runCommand({
  "create": "items"
});
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
db.runCommand({
  "create": "kollect_exports"
});
