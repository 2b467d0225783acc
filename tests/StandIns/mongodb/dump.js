// @ts-check
'use strict';
// Prints all documents of a collection through the official driver, one line of canonical Extended JSON each, ordered by _id:
//   node dump.js PORT|URI DB COLLECTION
const { needed } = require('../program');
const { BSON, withClient } = needed(() => require('./client'));

withClient(async (client, [db, collection]) => {
  // Nothing is promoted: every number keeps its type.
  const documents = client
    .db(db)
    .collection(collection)
    .find({}, { promoteValues: false, promoteLongs: false, sort: { _id: 1 } });
  for await (const document of documents) process.stdout.write(`${BSON.EJSON.stringify(document, { relaxed: false })}\n`);
});
