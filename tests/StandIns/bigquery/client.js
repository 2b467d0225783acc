'use strict';
// The official client against a stand-in: for the scripts beside this file.
const { BigQuery } = require('@google-cloud/bigquery');

/** @param port of a stand-in on 127.0.0.1, or its whole address */
function connect(port, projectId, credentials) {
  const apiEndpoint = /^\d+$/.test(port) ? `http://127.0.0.1:${port}` : String(port);
  // Without credentials of its own the client would look for the machine's.
  const authClient = credentials === undefined ? { authClient: anonymous() } : { credentials };
  return new BigQuery({ projectId, apiEndpoint, ...authClient });
}

function anonymous() {
  const { PassThroughClient } = require('google-auth-library');
  return new PassThroughClient();
}

/** Runs a script's work; what fails goes to stderr, exit code 1. */
function main(work) {
  work(process.argv.slice(2)).catch(error => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

module.exports = { connect, main };
