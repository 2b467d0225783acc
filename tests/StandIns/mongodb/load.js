// @ts-check
'use strict';
// Inserts the lines of standard input, each a document as Extended JSON, through the official driver:
//   node load.js PORT|URI DB COLLECTION < documents.ndjson
const readline = require('node:readline');
const { needed } = require('../program');
const { BSON, withClient } = needed(() => require('./client'));

withClient(async (client, [db, collection]) => {
  const documents = [];
  for await (const line of readline.createInterface({ input: process.stdin })) if (line !== '') documents.push(BSON.EJSON.parse(line, { relaxed: false }));
  if (documents.length > 0) await client.db(db).collection(collection).insertMany(documents);
});
