'use strict';
// Runs one command on the admin database through the official driver, without logging in:
//   node admin.js PORT|URI '<command as Extended JSON>'
const { BSON } = require('mongodb');
const { withClient } = require('./client');

withClient(async (client, [command]) => {
  console.log(BSON.EJSON.stringify(await client.db('admin').command(BSON.EJSON.parse(command))));
});
