'use strict';
// The official client against a stand-in: for the scripts beside this file, and its proof.
const fs = require('node:fs');
const { parseArgs } = require('node:util');
const { BigQuery } = require('@google-cloud/bigquery');
const { PassThroughClient } = require('google-auth-library');

/** @param server port on 127.0.0.1, or a whole address. Without credentials of its own the client would look for the machine's. */
function connect(server, projectId, credentials) {
  const apiEndpoint = /^\d+$/.test(server) ? `http://127.0.0.1:${server}` : server;
  return new BigQuery({ projectId, apiEndpoint, ...(credentials === undefined ? { authClient: new PassThroughClient() } : { credentials }) });
}

/** Runs a script's work on `PORT|ADDRESS PROJECT DATASET TABLE [--credentials FILE]`; what fails goes to stderr, exit code 1. */
function main(work) {
  const { positionals: [server, project, dataset, table], values } = parseArgs({ allowPositionals: true, options: { credentials: { type: 'string' } } });
  const client = connect(server, project, values.credentials && JSON.parse(fs.readFileSync(values.credentials, 'utf8')));
  work(client, client.dataset(dataset).table(table)).catch(error => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

module.exports = { connect, main };
