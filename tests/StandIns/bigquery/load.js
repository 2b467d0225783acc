'use strict';
// Loads the lines of standard input, each a row as JSON, by a load job of the official client; prints how many rows were loaded:
//   node load.js PORT PROJECT DATASET TABLE [CREDENTIALS.json] < rows.ndjson
const fs = require('node:fs');
const { pipeline } = require('node:stream/promises');
const { connect, main } = require('./client');

main(async ([port, project, dataset, table, credentials]) => {
  const client = connect(port, project, credentials && JSON.parse(fs.readFileSync(credentials, 'utf8')));
  const stream = client.dataset(dataset).table(table).createWriteStream({ sourceFormat: 'NEWLINE_DELIMITED_JSON' });
  const started = new Promise((resolve, reject) => stream.on('job', resolve).on('error', reject));
  await Promise.all([pipeline(process.stdin, stream), started]);
  const job = await started;
  await new Promise((resolve, reject) => job.on('complete', resolve).on('error', reject));
  const [{ statistics }] = await job.getMetadata();
  process.stdout.write(`${statistics.load.outputRows}\n`);
});
