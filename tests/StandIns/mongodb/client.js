// @ts-check
'use strict';
const { BSON, MongoClient } = require('mongodb');

/** Runs `work(client, arguments)` with the official driver; the program's first argument is a port of this machine or a whole URI. */
async function withClient(work) {
  const [target, ...rest] = process.argv.slice(2);
  const client = new MongoClient(/^\d+$/.test(target) ? `mongodb://127.0.0.1:${target}/?directConnection=true` : target);
  try {
    await work(client, rest);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } finally {
    await client.close();
  }
}

module.exports = { BSON, withClient };
