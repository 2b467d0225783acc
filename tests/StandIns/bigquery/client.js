// @ts-check
'use strict';
// The official client against a stand-in: for the scripts beside this file, and its proof.
const fs = require('node:fs');
const { parseArgs } = require('node:util');
const { BigQuery } = require('@google-cloud/bigquery');
const { JWT, PassThroughClient } = require('google-auth-library');

/** @typedef {{ client_email: string, private_key: string, private_key_id: string, token_uri: string }} KeyFile */

/**
 * Without credentials of its own the client would look for the machine's.
 * @param {string} server port on 127.0.0.1, or a whole address @param {string} projectId @param {KeyFile} [credentials]
 */
function connect(server, projectId, credentials) {
  const apiEndpoint = /^\d+$/.test(server) ? `http://127.0.0.1:${server}` : server;
  return new BigQuery({ projectId, apiEndpoint, authClient: credentials === undefined ? new PassThroughClient() : serviceAccount(credentials) });
}

// The Node client signs for and asks Google's own token endpoint whatever the key file's token_uri says; Google's clients for other
// languages follow it. Only the address is changed here: the assertion, its signature and the exchange are the client's.
function serviceAccount({ client_email: email, private_key: key, private_key_id: keyId, token_uri: tokenUri }) {
  const client = new JWT({ email, key, keyId, scopes: ['https://www.googleapis.com/auth/bigquery'], additionalClaims: { aud: tokenUri } });
  client.transporter.interceptors.request.add({
    resolved: async request => {
      if (request.url.href === 'https://oauth2.googleapis.com/token') request.url = new URL(tokenUri);
      return request;
    },
  });
  return client;
}

/** Runs a script's work on `PORT|ADDRESS PROJECT DATASET TABLE [--credentials FILE]`; what fails goes to stderr, exit code 1. */
function main(work) {
  const {
    positionals: [server, project, dataset, table],
    values,
  } = parseArgs({ allowPositionals: true, options: { credentials: { type: 'string' } } });
  const client = connect(server, project, values.credentials && JSON.parse(fs.readFileSync(values.credentials, 'utf8')));
  work(client, client.dataset(dataset).table(table)).catch(error => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

module.exports = { connect, main };
