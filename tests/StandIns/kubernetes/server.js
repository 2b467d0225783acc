// @ts-check
'use strict';
// A Kubernetes API server in memory, for tests. Prints {"port":N} when it is ready; ends on SIGTERM.
//   node server.js --port 0 [--tls-cert FILE --tls-key FILE --client-ca FILE] [--crds FILE|DIR]... [--tokens FILE] [--enforce-rbac]
//                  [--service NAMESPACE/NAME=https://127.0.0.1:PORT]... [--with-parent]
// --tokens: lines of token,user,group1|group2, read again when the file changes; without it everybody is an administrator.
// --service: where a webhook that names this Service is found. --with-parent: end when stdin does.
const fs = require('node:fs');
const { fail, needed, run } = require('../program');
const { ApiServer } = needed(() => require('./lib/server'));

function parse(args) {
  /** @type {import('./lib/server').Options} */
  const options = { port: 0, crds: [], services: new Map(), withParent: false };
  for (let i = 0; i < args.length; i++) {
    const value = () => args[++i] ?? fail(`${args[i - 1]} needs a value`);
    switch (args[i]) {
      case '--port':
        options.port = Number(value());
        break;
      case '--tls-cert':
        options.tls = { ...options.tls, cert: fs.readFileSync(value()) };
        break;
      case '--tls-key':
        options.tls = { ...options.tls, key: fs.readFileSync(value()) };
        break;
      case '--client-ca':
        options.tls = { ...options.tls, ca: fs.readFileSync(value()), requestCert: true, rejectUnauthorized: false };
        break;
      case '--crds':
        options.crds.push(value());
        break;
      case '--tokens':
        options.tokens = value();
        break;
      case '--enforce-rbac':
        options.enforceRbac = true;
        break;
      case '--service': {
        const [name, url] = value().split('=');
        options.services.set(name, url);
        break;
      }
      case '--with-parent':
        options.withParent = true;
        break;
      default:
        fail(`unknown argument ${args[i]}`);
    }
  }
  return options;
}

const options = parse(process.argv.slice(2));
run(() => ApiServer.create(options), options);
