'use strict';
// The official Node driver as a yardstick: node mongodb.js URI, then one line of JSON per run on standard input:
//   {"db":"b1","file":"items.ndjson","rows":50000,"mode":"bulk"|"one"}
// It reads and parses the file and writes the rows that Kollect writes, by the same unique index; it answers {"answer": milliseconds}. Connecting
// and creating the index are not in its time. {"db":"b1","mode":"count"} answers the number of rows and drops the database.
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { MongoClient } = require(path.join(__dirname, '../../StandIns/node_modules/mongodb'));

const IDENTITY = { inventory_namespace: 1, inventory_name: 1, target_name: 1, source_uid: 1 };
const EXPORTED_AT = new Date('2026-11-23T08:00:00Z');

function operation(payload) {
  const filter = { inventory_namespace: 'platform', inventory_name: 'all', target_name: payload.targetName, source_uid: payload.uid };
  return { filter, replacement: { ...filter, cluster: 'bench', resource_namespace: payload.namespace, payload, exported_at: EXPORTED_AT }, upsert: true };
}

async function run(client, { db, file, rows, mode }) {
  const collection = client.db(db).collection('items');
  if (mode === 'count') {
    const count = await collection.countDocuments();
    await client.db(db).dropDatabase();
    return count;
  }

  await collection.createIndex(IDENTITY, { name: 'kollect_identity', unique: true });
  const start = performance.now();
  const operations = fs.readFileSync(file, 'utf8').split('\n', rows).filter(line => line !== '').map(line => operation(JSON.parse(line)));
  if (mode === 'bulk') await collection.bulkWrite(operations.map(replaceOne => ({ replaceOne })), { ordered: false });
  else for (const { filter, replacement, upsert } of operations) await collection.replaceOne(filter, replacement, { upsert });
  return performance.now() - start;
}

async function main() {
  const client = await new MongoClient(process.argv[2], { writeConcern: { w: 'majority' } }).connect();
  for await (const line of readline.createInterface({ input: process.stdin }))
    process.stdout.write(`${JSON.stringify({ answer: await run(client, JSON.parse(line)) })}\n`);
  await client.close();
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
