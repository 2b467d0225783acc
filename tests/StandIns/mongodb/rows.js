// @ts-check
'use strict';
// Prints all documents of a collection through the official driver, one line of plain JSON each, without _id:
//   node rows.js PORT|URI DB COLLECTION
const { needed } = require('../program');
const { withClient } = needed(() => require('./client'));
const { exact, plain } = require('./plain');

withClient(async (client, [db, collection]) => {
  const documents = client
    .db(db)
    .collection(collection)
    .find({}, { ...exact, projection: { _id: 0 } });
  for await (const document of documents) process.stdout.write(`${plain(document)}\n`);
});
