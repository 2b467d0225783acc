// @ts-check
'use strict';
// Loads the lines of standard input, each a row as JSON, by a load job of the official client; prints how many rows were loaded:
//   node load.js PORT|ADDRESS PROJECT DATASET TABLE [--credentials FILE] < rows.ndjson
const { once } = require('node:events');
const { pipeline } = require('node:stream/promises');
const { needed } = require('../program');
const { main } = needed(() => require('./client'));

main(async (_, table) => {
  const upload = table.createWriteStream({ sourceFormat: 'NEWLINE_DELIMITED_JSON' });
  const [[job]] = await Promise.all([once(upload, 'job'), pipeline(process.stdin, upload)]);
  const [{ statistics }] = await once(job, 'complete');
  process.stdout.write(`${statistics.load.outputRows}\n`);
});
