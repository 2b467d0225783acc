// @ts-check
'use strict';
// Google BigQuery's REST API in memory, for tests. Prints {"port":N} when it is ready; ends on SIGTERM.
//   node server.js --port 0 [--log FILE] [--with-parent] [--require-auth] [--tls-cert FILE --tls-key FILE]
// --with-parent: end when stdin does. --require-auth: only tokens of service accounts made here, see ../README.md.
const fs = require('node:fs');
const { fail, needed, run } = require('../program');
const { Server } = needed(() => require('./lib/server'));

function parse(args) {
  /** @type {import('./lib/server').Options} */
  const options = { port: 0 };
  for (let i = 0; i < args.length; i++) {
    const value = () => args[++i] ?? fail(`${args[i - 1]} needs a value`);
    switch (args[i]) {
      case '--port':
        options.port = Number(value());
        break;
      case '--log':
        options.log = value();
        break;
      case '--with-parent':
        options.withParent = true;
        break;
      case '--require-auth':
        options.requireAuth = true;
        break;
      case '--tls-cert':
        options.tls = { ...options.tls, cert: fs.readFileSync(value()) };
        break;
      case '--tls-key':
        options.tls = { ...options.tls, key: fs.readFileSync(value()) };
        break;
      default:
        fail(`unknown argument ${args[i]}`);
    }
  }
  return options;
}

const options = parse(process.argv.slice(2));
run(() => Server.open(options), options);
