// @ts-check
'use strict';
// Runs one command through the official driver, on the admin database where none is named:
//   node admin.js PORT|URI '<command as Extended JSON>' [DB]
const { needed } = require('../program');
const { BSON, withClient } = needed(() => require('./client'));

withClient(async (client, [command, db = 'admin']) => {
  console.log(BSON.EJSON.stringify(await client.db(db).command(BSON.EJSON.parse(command))));
});
