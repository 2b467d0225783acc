// @ts-check
'use strict';
// A MongoDB server in memory, for tests. Prints {"port":N} when it is ready; ends on SIGTERM.
//   node server.js --port 0 [--user U --password P [--grant find,insert,...]]... [--tls-cert FILE --tls-key FILE]
//                  [--log FILE] [--replica-set NAME] [--member HOST:PORT]... [--with-parent]
// --user may be repeated; --password and --grant belong to the --user before them. --member: a further member of the set, which hello
// announces and which need not exist. --with-parent: end when stdin does.
const fs = require('node:fs');
const { fail, needed, run } = require('../program');
const { Server } = needed(() => require('./lib/server'));

function parse(args) {
  /** @type {import('./lib/server').Options} */
  const options = { port: 0, users: [], withParent: false };
  for (let i = 0; i < args.length; i++) {
    const value = () => args[++i] ?? fail(`${args[i - 1]} needs a value`);
    const user = () => options.users.at(-1) ?? fail(`${args[i]} comes after a --user`);
    switch (args[i]) {
      case '--port':
        options.port = Number(value());
        break;
      case '--user':
        options.users.push({ name: value(), password: '' });
        break;
      case '--password':
        user().password = value();
        break;
      case '--grant':
        user().actions = new Set(
          value()
            .split(',')
            .filter(it => it !== ''),
        );
        break;
      case '--tls-cert':
        options.tls = { ...options.tls, cert: fs.readFileSync(value()) };
        break;
      case '--tls-key':
        options.tls = { ...options.tls, key: fs.readFileSync(value()) };
        break;
      case '--log':
        options.log = value();
        break;
      case '--replica-set':
        options.replicaSet = value();
        break;
      case '--member':
        (options.members ??= []).push(value());
        break;
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
run(() => new Server(options), options);
